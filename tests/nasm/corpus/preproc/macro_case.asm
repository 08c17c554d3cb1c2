; -f bin -w+all
%macro Only 0
db 4
%endmacro
only:
Only
db only
;= 04 00
