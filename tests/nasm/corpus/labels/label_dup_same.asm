; -f bin
x: x: nop
;= 2: error: parser: instruction expected
