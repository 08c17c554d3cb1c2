; -f bin -w+all : refused
db 1
%if 1
db 2
;= 5: error: expected `%endif' before end of file
