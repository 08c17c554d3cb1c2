; -f bin
A equ 0x10
org A*4+1
dw $
;= 41 00
