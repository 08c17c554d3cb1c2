; -f bin
db n dup (1)
n equ 3
;= 2: error: non-constant argument supplied to DUP
