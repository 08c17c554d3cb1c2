; -f bin : refused
long:   db 1
;= 2: error: label or instruction expected at start of line
