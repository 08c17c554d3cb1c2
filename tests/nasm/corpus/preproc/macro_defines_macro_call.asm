; -f bin -w+all
%define call_it emit 5
%macro emit 1
db %1
%endmacro
call_it
%define prefix lab: emit
prefix 6
;= 05 06
