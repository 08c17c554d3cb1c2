; -f bin -w+all
%stacksize huge
%stacksize
%push c
%arg
%arg a
%arg a:
%arg a:foo
%local b:foo
%pop
db 1
;= 2: error: `%stacksize' invalid size type
;= 3: error: `%stacksize' missing size parameter
;= 5: error: `%arg' missing argument parameter
;= 6: error: syntax error processing `%arg' directive
;= 7: error: `%arg' missing size type parameter
;= 8: error: invalid size type for `%arg' missing directive
;= 9: error: invalid size type for `%local' missing directive
