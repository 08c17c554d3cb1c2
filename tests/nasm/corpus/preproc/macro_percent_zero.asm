; -f bin -w+all
%macro m 0-*
db %0
%if %0 == 2
db 'two'
%endif
%endmacro
m
m 1
m 1, 2
;= 00 01 02 74 77 6f
