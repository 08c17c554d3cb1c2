; -f bin -w+all
%define two(a, b) a b
db %count(two(1, 2)), %count({a}, {b, c}), %count([1, 2], 3)
;= 01 02 03
