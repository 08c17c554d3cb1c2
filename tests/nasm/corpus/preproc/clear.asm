; -f bin -w+all
%define a 1
%idefine B 2
%macro m 0
db 5
%endmacro
m
%clear
%ifdef a
db 1
%elifdef b
db 2
%else
db 3
%endif
%ifmacro m
db 4
%endif
;= 05 03
