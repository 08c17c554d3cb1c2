; -f bin -w+all -w-unknown-warning
absolute 5
a: resb 1
alignb 8
b: resb 1
align 16, resb 1
c:
section .text
dw a, b, c
;= 05 00 08 00 10 00
