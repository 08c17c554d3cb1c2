; -f bin -w+all
db %count(a), %count(a, b, c), %count()
db %count((1, 2), 3), %count({1, 2})
%define list 1, 2, 3
db %count(list)
db %count(,)
;= 01 03 01 02 01 01 02
