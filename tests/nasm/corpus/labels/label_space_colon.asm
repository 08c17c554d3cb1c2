; -f bin
x : nop
dw x
;= 90 00 00
