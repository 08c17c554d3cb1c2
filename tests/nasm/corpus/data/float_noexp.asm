; -f bin
dd 1e
;= 00 00 80 3f
