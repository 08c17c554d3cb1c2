; -f bin
[map symbols x.map]
start: nop
;= 90
