; -f bin -w+all
%define m0 10
%define m1 11
%macro swap 2
%xdefine tmp m%1
%xdefine m%1 m%2
%xdefine m%2 tmp
%undef tmp
%endmacro
db m0, m1
swap 0, 1
db m0, m1
;= 0a 0b 0b 0a
