; -f bin -w+all
%macro m 1
db %1
%endmacro
m 1
m (1
m undefined_thing
;= 6: error: expecting `)'
;=   in m:3
