; -f bin
org 0x1000
section .text align=16
db 1
section .rodata align=32
r: db 2
dw r
section .data align=8
d: db 3
dw d
section .bss align=64
b: resb 1
section .text
dw b, r, d
;= 01 40 10 20 10 28 10 00*25 02 20 10 00 00 00 00 00
;= 03 28 10
