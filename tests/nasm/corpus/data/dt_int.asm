; -f bin
dt 5
;= 2: error: integer supplied as 80-bit data
