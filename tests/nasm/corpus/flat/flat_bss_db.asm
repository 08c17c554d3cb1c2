; -f bin
section .bss
db 1
x: resb 2
section .text
dw x
;= 3: warning: attempt to initialize memory in a nobits section: ignored [-w+other]
;= 05 00
