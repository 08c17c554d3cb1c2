; -f bin
a: nop
.n equ 5
dw .n, a.n
;= 90 05 00 05 00
