; -f bin
%macro m 0
%%l: jmp %%l
.n: jmp .n
%endmacro
a:
m
b:
m
dw a.n
;= eb fe eb fe eb fe eb fe 02 00
