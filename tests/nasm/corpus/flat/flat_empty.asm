; -f bin
;= -
