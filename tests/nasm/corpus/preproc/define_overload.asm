; -f bin -w+all
%define f(a) 1
%define f(a,b) 2
%define f(a,b,c) 3
db f(x), f(x, y), f(x, y, z)
;= 01 02 03
