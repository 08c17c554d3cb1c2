; -f bin -w+all
%macro m 0
db 7
%endmacro
a: m
b m
.c: m
dw a, b, b.c
;= 07 07 07 00 00 01 00 02 00
