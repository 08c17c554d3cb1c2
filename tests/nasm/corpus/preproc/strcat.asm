; -f bin -w+all
%strcat all "ab", 'cd', `e\n`
db all
%strcat one 'x'
db one
%strcat spaced 'a' "b" 'c'
db spaced
%strcat bad 'a', 5
;= 8: error: non-string passed to `%strcat': 5
