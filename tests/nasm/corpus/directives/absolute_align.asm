; -f bin
absolute 17
alignb 8
x: resb 1
section .text
dw x
;= 18 00
