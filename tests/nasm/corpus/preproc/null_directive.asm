; -f bin -w+all
%null nothing at all
db 1
;= 01
