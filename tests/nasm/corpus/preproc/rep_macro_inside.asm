; -f bin -w+all
%rep 2
%macro m 0
db 1
%endmacro
m
%unmacro m 0
%endrep
;= 01 01
