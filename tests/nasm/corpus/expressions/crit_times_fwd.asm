; -f bin
times n nop
n equ 5
;= 2: error: non-constant argument supplied to TIMES
