; -f bin -w+all
%if 1
db 1
%else trailing
db 2
%endif trailing
;= 4: warning: trailing garbage after `%else' ignored [-w+pp-trailing]
;= 6: warning: trailing garbage after `%endif' ignored [-w+pp-trailing]
;= 01
