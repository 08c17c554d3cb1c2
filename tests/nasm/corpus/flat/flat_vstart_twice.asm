; -f bin
section .a vstart=5
db 1
section .a vstart=6
db 1
;= 4: error: section virtual start address (vstart) redefined
