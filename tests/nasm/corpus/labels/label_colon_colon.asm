; -f bin
x:: nop
;= 2: error: parser: instruction expected
