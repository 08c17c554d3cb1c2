; -f bin -w+all
%macro make 1
%macro %1 1
db %%1
db %1
%endmacro
%endmacro
make f
f 3
;= 9: error: symbol `..@1.1' not defined
;=   in f:4
