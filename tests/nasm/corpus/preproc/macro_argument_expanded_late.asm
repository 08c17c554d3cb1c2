; -f bin -w+all
%macro m 1
%define v 5
db %1
%endmacro
%define v 3
m v
db v
;= 03 05
