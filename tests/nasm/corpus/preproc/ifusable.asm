; -f bin -w+all
%ifusable fp
db 1
%endif
%ifusable nothing
db 2
%elifusable altreg
db 3
%endif
%ifusing fp
db 4
%endif
%use fp
%ifusing fp
db 5
%endif
%ifnusing altreg
db 6
%endif
%ifnusable nothing
db 7
%endif
%ifusable "fp"
db 8
%endif
;= 01 03 05 06 07 08
