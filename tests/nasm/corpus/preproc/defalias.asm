; -f bin -w+all
%define real 5
%defalias other real
db other
%define other 6
db real, other
%undef other
%ifdef real
db 1
%else
db 2
%endif
%define real 9
db other
%undefalias other
%ifdef other
db 1
%else
db 2
%endif
;= 05 06 06 02 09 02
