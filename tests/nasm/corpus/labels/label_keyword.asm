; -f bin
byte: nop
;= 2: error: label or instruction expected at start of line
