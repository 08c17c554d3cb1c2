; -f elf64
global x
global x
x: nop
