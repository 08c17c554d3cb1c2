; -f bin -w+all
%define a 1
%undef a b c
db 5
;= 3: warning: trailing garbage after macro name ignored [-w+pp-trailing]
;= 05
