; -f elf32
