; -f bin -w+all
%define f() 5
%define g(a) a 1
db f()
db g()
db f( )
;= 05 01 05
