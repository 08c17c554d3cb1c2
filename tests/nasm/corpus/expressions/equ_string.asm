; -f bin
x equ 'ab'
dw x
;= 61 62
