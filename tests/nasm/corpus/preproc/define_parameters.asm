; -f bin -w+all
%define mul(a,b) ((a) * (b))
%define twice(x) mul(x, 2)
%define both(x, y) x, y
db mul(3, 4), twice(5), both(6, 7)
db mul((1 + 1), (2))
db both({1, 2}, 3)
;= 0c 0a 06 07 04 01 02 03
