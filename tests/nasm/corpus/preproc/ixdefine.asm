; -f bin -w+all
%define n 7
%ixdefine Frozen n + 1
%define n 8
db FROZEN, frozen
;= 08 08
