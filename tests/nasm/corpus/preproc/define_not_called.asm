; -f bin -w+all
%define f(a) a
f equ 5
db f, f(6)
;= 05 06
