; -f elf64
x: nop
x equ 5
