; -f bin
db far
;= 2: error: expression syntax error
