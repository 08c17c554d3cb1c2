; -f bin
n equ 3
db n dup (n)
db 2+1 dup (4)
db n*2 dup (4)
db (n) dup (4)
x: dw 2 dup ($-x)
;= 03 03 03 04*12 00 00 00 00
