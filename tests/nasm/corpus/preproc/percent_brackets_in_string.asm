; -f bin -w+all
%define n 5
db "%[n]"
;= 25 5b 6e 5d
