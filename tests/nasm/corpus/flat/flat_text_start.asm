; -f bin
section .text start=0x100
dw $
;= 00 01
