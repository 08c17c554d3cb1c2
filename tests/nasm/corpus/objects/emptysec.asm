; -f elf64
section .data
section .bss
section .text
