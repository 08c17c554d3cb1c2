; -f bin
rep: nop
;= 2: error: parser: instruction expected
