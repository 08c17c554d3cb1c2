; -f bin -w+all
%macro m 1-* 7, 8
db %0
%rep %0
db %1
%rotate 1
%endrep
%endmacro
m 1
m 1, 2
m 1, 2, 3, 4
;= 03 01 07 08 03 01 02 08 04 01 02 03 04
