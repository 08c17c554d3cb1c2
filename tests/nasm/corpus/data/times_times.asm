; -f bin
times 2 times 2 db 1
;= 01 01
