; -f bin
times 3 x equ 5
;= 2: error: parser: instruction expected
