; -f bin -w+all : refused
%macro m 0
%if 1
db 1
%endmacro
m
db 2
;= 8: error: expected `%endif' before end of file
