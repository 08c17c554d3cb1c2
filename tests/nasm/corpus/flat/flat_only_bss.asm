; -f bin
section .bss
x: resb 4
;= -
