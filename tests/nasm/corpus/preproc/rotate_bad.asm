; -f bin -w+all
%rotate 1
%macro m 1
%rotate
%rotate x
db %1
%endmacro
m 1
;= 2: error: `%rotate' invoked outside a macro call
;= 8: error: `' missing rotate count
;=   in m:4
;= 8: error: symbol `x' not defined before use
;=   in m:5
