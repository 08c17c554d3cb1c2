; -f bin -w+all : symbols
size equ 12
%if size == 12
db 1
%else
db 2
%endif
;= 01
