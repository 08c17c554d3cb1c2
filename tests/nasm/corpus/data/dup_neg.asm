; -f bin
db -1 dup (1)
;= 2: error: negative argument supplied to DUP
