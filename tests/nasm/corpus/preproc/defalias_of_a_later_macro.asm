; -f bin -w+all
%defalias OLD NEW
%define OLD 123
db NEW
%undef OLD
%ifndef NEW
db 2
%endif
%idefalias third NEW
%define THIRD 7
db new_one, NEW
new_one equ 9
;= 7b 02 09 07
