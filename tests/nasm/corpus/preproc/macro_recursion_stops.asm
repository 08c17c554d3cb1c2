; -f bin -w+all
%macro m 1
db %1
m %1
%endmacro
bits 16
%ifdef never
m 1
%endif
%macro ret 0
ret
%endmacro
ret
;= c3
