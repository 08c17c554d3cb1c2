; -f bin -w+all
%if 1
%if 0
%if 1
db 1
%else
db 2
%endif
%elif 1
db 3
%else
db 4
%endif
%else
%if 1
db 5
%endif
%endif
;= 03
