; -f bin -w+all
%define n 0
db %cond(1, 2, 3), %cond(n, 2, 3), %cond(n + 1, 4)
db %cond(0, 4) 5
db %cond(1, {6, 7}, 8)
;= 02 03 04 05 06 07
