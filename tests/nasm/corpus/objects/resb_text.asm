; -f elf64
section .text
nop
x: resb 3
nop
