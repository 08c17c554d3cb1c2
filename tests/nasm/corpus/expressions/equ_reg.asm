; -f bin
x equ eax
;= 2: error: bad syntax for EQU
