; -f bin
a equ b
b equ 5
dw a
;= 05 00
