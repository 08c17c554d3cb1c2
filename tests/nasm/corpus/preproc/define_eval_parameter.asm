; -f bin -w+all
%define show(=n) %str(n)
%define keep(n) %str(n)
db show(1 + 2 * 3)
db keep(1 + 2)
;= 37 31 20 2b 20 32
