; -f bin -w+all
%substr a 5 1
%substr b 'abc' eax
%substr c 'abc'
%substr d 'abc' 1, x
db 1
;= 2: error: `%substr' requires a string as parameter
;= 3: error: non-constant value given to `%substr'
;= 4: error: `%substr' requires a starting index
;= 5: error: symbol `x' not defined before use
