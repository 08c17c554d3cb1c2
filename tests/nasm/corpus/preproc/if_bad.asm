; -f bin -w+all
%if
db 1
%endif
%if eax
db 2
%endif
%if (1
db 3
%else
db 4
%endif
%if 1 1
db 5
%endif
;= 2: error: expression syntax error
;= 5: error: non-constant value given to `%if'
;= 8: error: expecting `)'
;= 13: warning: trailing garbage after expression ignored [-w+pp-trailing]
