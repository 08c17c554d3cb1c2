; -f bin
dw 9q
;= 2: error: expression syntax error
