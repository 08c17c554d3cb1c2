; -f bin -w+all
%macro m 1.nolist
db %1
%endmacro
m 3
%macro n 0-1.nolist 5
db %1
%endmacro
n
%macro o 1+.nolist
db %1
%endmacro
o 1, 2
%imacro p 0 .nolist
db 9
%endmacro
P
;= 14: warning: too many default macro parameters in macro `p' [-w+pp-macro-defaults]
;= 03 05 01 02 09
