; -f bin -w+all
%rmacro r 1
 db %1
%if %1
 r %1-1
%endif
 db 50
%endmacro
 db 90
%if 1
 r 3
 db 91
%endif
 db 92
;= 5a 03 02 01 00 32
