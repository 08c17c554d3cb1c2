; -f bin
db 1,2,
;= 01 02
