; -f bin -w+all
%define list(a, b) a %, b
db list(1, 2)
db list(, 2)
;= 4: error: expression syntax error
