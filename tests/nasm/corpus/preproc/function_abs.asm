; -f bin -w+all
db %abs(-5), %abs(3), %abs(0), %abs(1 - 4)
;= 05 03 00 03
