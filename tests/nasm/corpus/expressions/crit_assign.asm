; -f bin
%assign q a+1
a equ 5
;= 2: error: symbol `a' not defined before use
