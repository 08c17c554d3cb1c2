; -f bin
x: equ 5
y: equ $
dw x,y
;= 05 00 00 00
