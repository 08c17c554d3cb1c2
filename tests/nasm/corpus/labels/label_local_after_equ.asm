; -f bin
a: nop
b equ 5
.x: nop
dw a.x
;= 90 90 01 00
