; -f elf64
