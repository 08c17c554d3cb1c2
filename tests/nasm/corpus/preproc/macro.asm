; -f bin -w+all
%macro pair 2
db %1, %2
%endmacro
pair 1, 2
pair 3, {4, 5}
pair {6}, 7 + 1
%macro none 0
db 99
%endmacro
none
;= 01 02 03 04 05 06 08 63
