; -f bin -w+all
%rep -2
db 3
%endrep
%rep 1 2
db 4
%endrep
;= 2: warning: negative `%rep' count: -2 [-w+pp-rep-negative]
;= 5: warning: trailing garbage after expression ignored [-w+pp-trailing]
;= 04
