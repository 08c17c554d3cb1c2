; -f bin
nop
;= 90
