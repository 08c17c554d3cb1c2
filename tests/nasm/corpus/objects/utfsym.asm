; -f elf64
global naïve
naïve: nop
