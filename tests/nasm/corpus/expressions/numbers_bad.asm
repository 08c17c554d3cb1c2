; -f bin
dw 2b
;= 2: error: expression syntax error
