; -f bin
rep db 5
;= 05
