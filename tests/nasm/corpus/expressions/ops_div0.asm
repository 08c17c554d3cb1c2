; -f bin
dd 5/0
;= 2: error: division by zero
