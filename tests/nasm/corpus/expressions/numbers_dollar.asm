; -f bin
dw $0ff, $10
;= ff 00 10 00
