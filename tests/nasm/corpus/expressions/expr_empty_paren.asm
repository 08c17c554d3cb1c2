; -f bin
db ()
;= 2: error: expression syntax error
