; -f bin
1x: nop
;= 2: error: label or instruction expected at start of line
