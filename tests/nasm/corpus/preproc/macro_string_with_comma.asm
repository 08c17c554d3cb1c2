; -f bin -w+all
%macro m 1-*
db %0
db %1
%endmacro
m "a,b"
m 'a', "b,c"
m `x,\`y`
m (1, 2)
;= 9: error: expecting `)'
;=   in m:4
