; -f bin
db 1
x:	dw x
;= 01 01 00
