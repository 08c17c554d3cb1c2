; -f elf64
section .bss align=64
alignb 16
a: resb 1
alignb 8
b: resq 1
section .data align=32
align 16
dd 1
align 16, db 0
