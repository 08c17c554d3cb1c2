; -f bin
x equ 5
x equ 6
;= 3: error: label `x' inconsistently redefined
