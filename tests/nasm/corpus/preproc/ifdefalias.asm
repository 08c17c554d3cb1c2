; -f bin -w+all
%defalias a b
%define c 1
%ifdefalias a
db 1
%endif
%ifndefalias c
db 2
%endif
%ifdef a
db 3
%else
db 4
%endif
%define b 1
%ifdef a
db 5
%endif
;= 01 02 04 05
