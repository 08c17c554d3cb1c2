; -f bin -w+all
%macro m 0-1
%ifnempty %00
db 1
%00: db 2
%else
db 3
%endif
%endmacro
m
lab: m
lab2 m
dw lab, lab2
;= 03 01 02 01 02 02 00 04 00
