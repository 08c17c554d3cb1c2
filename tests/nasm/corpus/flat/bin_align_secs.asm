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
