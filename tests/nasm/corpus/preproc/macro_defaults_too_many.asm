; -f bin -w+all
%macro m 1-2 5, 6, 7
db %1, %2
%endmacro
m 1
%macro n 1 5
db %1
%endmacro
n 1
;= 2: warning: too many default macro parameters in macro `m' [-w+pp-macro-defaults]
;= 6: warning: too many default macro parameters in macro `n' [-w+pp-macro-defaults]
;= 01 05 01
