; -f bin -w+all
%imacro Emit 1
db %1
%endmacro
emit 1
EMIT 2
Emit 3
%macro Case 0
db 4
%endmacro
Case
;= 01 02 03 04
