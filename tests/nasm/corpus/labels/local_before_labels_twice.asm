; -f bin -w+all
.x: db 1
last:
.x: db 2
;= 4: error: label `last.x' inconsistently redefined
