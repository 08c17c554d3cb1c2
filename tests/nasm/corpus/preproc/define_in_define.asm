; -f bin -w+all
%define make(n) n
%define outer make(inner)
%define inner 9
db outer
%define inner 10
db outer
;= 09 0a
