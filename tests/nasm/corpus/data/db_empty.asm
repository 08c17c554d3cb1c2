; -f bin
db
;= 2: warning: no operand for data declaration [-w+db-empty]
;= -
