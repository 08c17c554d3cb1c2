; -f bin -w+all
%macro m 1
db 1
%if %1
%exitmacro
%endif
db 2
%endmacro
m 0
m 1
db 7
;= 01 02 01 07
