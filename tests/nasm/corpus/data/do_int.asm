; -f bin
do 5
;= 2: error: integer supplied as 128-bit data
