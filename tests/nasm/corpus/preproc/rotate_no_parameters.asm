; -f bin -w+all
%macro m 0-*
%rotate 1
%rotate -1
db %0
%endmacro
m
;= 7: error: `%rotate' invoked within macro without parameters
;=   in m:3
;= 7: error: `%rotate' invoked within macro without parameters
;=   in m:4
