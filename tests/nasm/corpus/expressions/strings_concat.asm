; -f bin
db "a" "b"
;= 61
