; -f bin -w+all
%assign x eax
%assign y "text" +
%assign z (1
db 1
;= 2: error: non-constant value given to `%assign'
;= 3: error: expression syntax error
;= 4: error: expecting `)'
