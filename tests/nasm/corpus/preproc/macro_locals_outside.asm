; -f bin -w+all
%%x: db 1
db %1
db %0
;= 2: error: `%%x': not in a macro call
;= 2: error: label or instruction expected at start of line
;= 3: error: `%1': not in a macro call
;= 3: warning: no operand for data declaration [-w+db-empty]
;= 4: error: `%0': not in a macro call
;= 4: warning: no operand for data declaration [-w+db-empty]
