; -f bin
bits n
n equ 32
;= 2: error: `n' is not a valid segment size; must be 16, 32 or 64
