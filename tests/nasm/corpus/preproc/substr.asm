; -f bin -w+all
%substr a 'abcdef' 3
%substr b 'abcdef' 2, 3
%substr c 'abcdef' 2,-1
%substr d 'abcdef' 2,-3
%substr e 'abcdef' 4, 100
%substr f 'abcdef' 100
%substr g 'abcdef' 0, 2
db a, b, 0, c, 0, d, 0, e, 0, f, 0, g
;= 63 62 63 64 00 62 63 64 65 66 00 62 63 64 00 64
;= 65 66 00 00 61 62
