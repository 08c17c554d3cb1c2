; -f bin -w+all
%define v 3
%macro m 2
db %1, %2
%endmacro
m v, v + v
%define args 1, 2
m args
;= 03 06 01 02
