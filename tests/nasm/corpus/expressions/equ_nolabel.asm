; -f bin
equ 5
;= 2: error: EQU not preceded by label
