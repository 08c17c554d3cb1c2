; -f bin
org 0x100
section .text
dw $
section .b start=0x120
dw $
;= 00 01 00*30 20 01
