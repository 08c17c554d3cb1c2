; -f bin -w+all
%macro begin_if 1
%if %1
%endmacro
%macro finish 0
%endif
%endmacro
db 1
begin_if 0
db 2
%endif
;= 01
