; -f bin
rel: dw 5
;= 2: error: label or instruction expected at start of line
