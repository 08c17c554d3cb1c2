; -f bin -w+all
db 1 ; comment
db ';', ';' ; ';'
%define x 5 ; not part
db x
;%if 0
db 2
%if 0 ; comment
%endif ; comment
;= 01 3b 3b 05 02
