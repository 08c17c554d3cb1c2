; -f bin -w+all
%define all(a, b...) b
%define last(a, b+) a + b
db all(1, 2, 3)
db last(1, 2)
db last(1, 2, 3)
;= 4: warning: single-line macro `all' exists, but not taking 3 parameters [-w+pp-macro-params-single]
;= 4: error: comma expected after operand
