; -f bin -w+all
db %num(1, 1, 1)
db %num(1, 1, 65)
db %num(x)
;= 2: error: invalid base 1 given to %num()
;= 2: warning: no operand for data declaration [-w+db-empty]
;= 3: error: invalid base 65 given to %num()
;= 3: warning: no operand for data declaration [-w+db-empty]
;= 4: error: symbol `x' not defined before use
