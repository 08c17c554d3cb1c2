; -f bin
dw 0xg
;= 2: error: expression syntax error
