; -f bin
times 2 x: db 1
;= 2: error: parser: instruction expected
