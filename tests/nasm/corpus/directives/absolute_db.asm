; -f bin
absolute 16
db 1
x:
section .text
dw x
;= 3: error: attempt to assemble code in [ABSOLUTE] space
