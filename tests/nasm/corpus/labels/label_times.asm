; -f bin
x times 3 db 1
dw x
;= 01 01 01 00 00
