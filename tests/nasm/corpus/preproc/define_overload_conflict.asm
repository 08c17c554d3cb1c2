; -f bin -w+all
%define f(a) a
%define f 3
db 1
%define g 3
%define g(a) a
db g
;= 3: error: macro `f' defined both with and without parameters [-w+pp-macro-def-param-single]
;= 6: error: macro `g' defined both with and without parameters [-w+pp-macro-def-param-single]
