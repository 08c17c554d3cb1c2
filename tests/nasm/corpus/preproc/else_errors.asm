; -f bin -w+all
%if 1
db 1
%else
db 2
%else
db 3
%elif 1
db 4
%endif
;= 6: warning: `%else' after `%else', ignoring content [-w+pp-else-else]
;= 01
