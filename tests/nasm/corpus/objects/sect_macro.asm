; -f elf64
section .data
[section .text]
nop
__SECT__
db 1
