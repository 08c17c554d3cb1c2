; -f bin
a:
.x:
.x:
;= -
