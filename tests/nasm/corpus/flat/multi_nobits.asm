; -f bin
section .text
dw a
section .n nobits
a: resb 10
section .m nobits align=32
b: resb 10
section .text
dw b
section .bss
c: resb 1
section .text
dw c
;= 08 00 20 00 08 00
