; -f bin
%if a > 3
db 1
%endif
a equ 5
;= 2: error: symbol `a' not defined before use
