; -f bin -w+all
%if 0
%error hidden
%warning hidden
%fatal hidden
%else
db 1
%endif
;= 01
