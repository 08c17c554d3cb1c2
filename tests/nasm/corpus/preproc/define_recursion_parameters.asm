; -f bin -w+all
%define f(x) 1 + f(x)
f equ 2
db 1
%define g(x) (x)
db g(g(g(3)))
;= 6: error: expecting `)'
