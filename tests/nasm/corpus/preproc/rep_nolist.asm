; -f bin -w+all
%rep 2.nolist
db 1
%endrep
%rep 1 + 1 .nolist
db 2
%endrep
;= 2: warning: trailing garbage after expression ignored [-w+pp-trailing]
;= 5: warning: trailing garbage after expression ignored [-w+pp-trailing]
;= 01 01 02 02
