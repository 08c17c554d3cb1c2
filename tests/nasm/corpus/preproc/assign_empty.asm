; -f bin -w+all
%assign nothing
db nothing 5
%assign zero 0
db zero
;= 2: error: expression syntax error
