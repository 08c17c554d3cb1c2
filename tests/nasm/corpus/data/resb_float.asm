; -f bin
resb 1.5
;= 2: error: expression syntax error
