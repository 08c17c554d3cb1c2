; -f bin
a:
$.x: nop
dw $.x
dw .x
;= 90 00 00 00 00
