; -f bin -w+all
%define f(a) 1
%define f(a,b) 2
%undef f
%ifdef f
db 1
%else
db 0
%endif
;= 00
