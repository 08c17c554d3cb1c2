; -f bin -w+all
%define long 1, \
 2, \
 3
db long
db 4, \
5
%macro m \
 1
db %1
%endmacro
m 6
; a comment \
db 7
db 8
;= 01 02 03 04 05 06 08
