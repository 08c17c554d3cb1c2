; -f bin
a:
section .data
.x: db 1
dw a.x
;= 01 00 00
