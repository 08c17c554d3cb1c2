; -f bin -w+all
%define f(a,b) a b
db f(1,)
db f(, 2)
;= 01 02
