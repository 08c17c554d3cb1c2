; -f bin -w+all
%define all(a,b+) 10
%define all(a,b,c) 20
db all(1,2,3), all(1,2)
%define few(a,b,c) 30
%define few(a,b+) 40
db few(1,2,3), few(1,2)
;= 3: warning: defining macro `all' shadows previous greedy definition [-w+pp-macro-def-greedy-single]
;= 14 0a 28 28
