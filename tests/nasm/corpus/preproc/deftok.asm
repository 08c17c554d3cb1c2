; -f bin -w+all
%deftok tokens '1, 2, 3'
db tokens
%deftok more "tokens + 1"
db more
;= 01 02 03 01 02 04
