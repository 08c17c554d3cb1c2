; -f bin
[map foo]
nop
;= 90
