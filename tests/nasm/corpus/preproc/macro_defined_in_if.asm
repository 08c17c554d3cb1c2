; -f bin -w+all
%macro choose 1
%if %1
%macro chosen 0
db 1
%endmacro
%else
%macro chosen 0
db 2
%endmacro
%endif
%endmacro
choose 0
chosen
;= 02
