; -f bin -w+all
%substr a 'abcdef' 2 3
db a
%substr b 'abcdef', 2, 3
db b
%assign n 2
%substr c 'abcdef' n+1
db c
%substr d 'abcdef' n, n
db d
;= 62 62 63 64 63 62 63
