; -f bin -w+all
%define abc 1
db "abc", 'abc', `abc`
db abc
;= 61 62 63 61 62 63 61 62 63 01
