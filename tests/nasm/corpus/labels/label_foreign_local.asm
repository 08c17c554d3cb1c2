; -f bin
a.x: nop
a:
.y: dw a.x, .x
;= 90 00 00 00 00
