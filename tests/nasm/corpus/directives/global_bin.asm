; -f bin
global start
extern foo
start: nop
;= 90
