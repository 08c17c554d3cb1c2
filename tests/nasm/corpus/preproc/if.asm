; -f bin -w+all
%if 1
db 1
%endif
%if 0
db 2
%else
db 3
%endif
%if 2 > 1 && 3 < 4
db 4
%elif 1
db 5
%endif
%if 0
db 6
%elif 0
db 7
%elif 5 = 5
db 8
%else
db 9
%endif
%ifn 0
db 10
%elifn 1
db 11
%endif
;= 01 03 04 08 0a
