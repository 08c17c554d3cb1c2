; -f bin
db ,1
;= 2: error: expression syntax error
