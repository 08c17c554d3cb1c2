; -f bin -w+all
a:
.x: db 1
%macro m 0
%%t: db 2
.y: db 3
%endmacro
m
dw .x, .y, a.y
;= 01 02 03 00 00 02 00 02 00
