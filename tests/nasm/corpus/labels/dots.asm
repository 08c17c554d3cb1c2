; -f bin
a:
.: nop
dw .
;= 90 00 00
