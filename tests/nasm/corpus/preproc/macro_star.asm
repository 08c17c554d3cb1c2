; -f bin -w+all
%macro many 1-*
%rep %0
db %1
%rotate 1
%endrep
%endmacro
many 1
many 1, 2, 3, 4, 5
%macro maybe 0-*
db %0
%endmacro
maybe
maybe a, b
;= 01 01 02 03 04 05 00 02
