; -f bin -w+all
%macro make 2
%macro %1 0
db %2
%endmacro
%endmacro
make one, 1
make two, 2
one
two
%macro deep 0
%macro deeper 0
%macro deepest 1
db %1
%endmacro
%endmacro
%endmacro
deep
deeper
deepest 7
;= 9: warning: no operand for data declaration [-w+db-empty]
;=   in one:4
;= 10: warning: no operand for data declaration [-w+db-empty]
;=   in two:4
;= 07
