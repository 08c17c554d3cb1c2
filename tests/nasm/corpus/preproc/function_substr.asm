; -f bin -w+all
db %substr('abcdef', 2), 0, %substr('abcdef', 2, 3), 0, %substr('abcdef', -2), 0
db %substr('abcdef', 2, -2), 0, %substr('abcdef', 9), 0
db %substr('abcdef', 0, 2), 0
;= 62 63 64 65 66 00 62 63 64 00 61 62 63 64 65 66
;= 00 62 63 64 65 00 00 61 62 00
