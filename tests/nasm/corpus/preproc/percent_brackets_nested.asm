; -f bin -w+all
%define a1 b
%define n 1
%define b1 42
db %[a%[n]]1
;= 2a
