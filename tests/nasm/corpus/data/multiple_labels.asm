; -f bin
a: b: db 1
;= 2: error: parser: instruction expected
