; -f bin
dy 5
;= 2: error: integer supplied as 256-bit data
