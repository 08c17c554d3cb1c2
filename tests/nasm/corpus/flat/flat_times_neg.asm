; -f bin
times 5 db 1
times 4-($-$$) db 0
;= 3: error: TIMES value -1 is negative
