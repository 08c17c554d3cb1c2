; -f bin -w+all -w-unknown-warning
bits 32
db 1
align 4
db 2
align 8, db 3
align 2
db 1
alignb 4
db 1
alignb 8, db 9
;= 01 90 90 90 02 03 03 03 01 00 00 00 01 09 09 09
