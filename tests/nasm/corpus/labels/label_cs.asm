; -f bin
cs: nop
;= 2: error: parser: instruction expected
