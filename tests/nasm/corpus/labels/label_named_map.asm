; -f bin
map dw map
;= 00 00
