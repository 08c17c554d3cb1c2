; -f bin
dd -1.5, +1.5, - 1.5, -+-1.5
;= 2: error: expression syntax error
