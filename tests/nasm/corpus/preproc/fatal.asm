; -f bin -w+all
db 1
%fatal cannot go on
db 2
%error not seen
;= 3: error: cannot go on
