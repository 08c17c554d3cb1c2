; -f bin -w+all
%define nothing
%ifempty
db 1
%endif
%ifempty nothing
db 2
%endif
%ifempty 5
db 3
%elifempty nothing nothing
db 4
%endif
%ifnempty 1
db 5
%endif
%macro m 0-1
%ifempty %1
db 6
%else
db 7
%endif
%endmacro
m
m x
;= 01 02 04 05 06 07
