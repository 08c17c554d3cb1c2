; -f bin -w+all
%macro f 0
db 0
%endmacro
%macro f 1
db 1, %1
%endmacro
%macro f 2
db 2, %1, %2
%endmacro
%macro f 3+
db 3, %3
%endmacro
f
f 5
f 5, 6
f 5, 6, 7
f 5, 6, 7, 8
;= 00 01 05 02 05 06 03 07 03 07 08
