; -f bin
%define one 1
%define two one + 1
%define add(a,b) ((a) + (b))
db one, two, add(3, two)
%define one 5
db one, two
;= 01 02 05 05 06
