; -f bin -w+all
db %eval(%strlen(%strcat('ab', %str(cd))) * 2)
db %sel(%eval(1 + 1), %eval(5), %eval(6))
db %num(%eval(3 * 4), 4)
;= 08 06 30 30 31 32
