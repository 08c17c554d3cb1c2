; -f bin
x equ 5
x equ 5
;= -
