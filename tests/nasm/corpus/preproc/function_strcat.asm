; -f bin -w+all
db %strcat('a', "b", `c`), %strcat('x'), %strcat()
%define s 'def'
db %strcat("abc", s)
db %strcat(a, b c, 'd' "e")
;= 61 62 63 78 61 62 63 64 65 66 61 62 20 63 27 64
;= 27 20 22 65 22
