; -f bin -w+all
%define n 5
db %eval(1 + 2 * n)
db %eval(%eval(n * 2) + 1)
db %str(%eval(n << 2))
%assign i %eval(n - 1)
db i, %eval(1, n + 1, 3)
db %eval(-3)
;= 0b 0b 32 30 04 01 06 03 fd
