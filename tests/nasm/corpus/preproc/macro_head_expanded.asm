; -f bin -w+all
%define count 2
%define name_part foo
%macro m count
db %1, %2
%endmacro
m 1, 2
;= 01 02
