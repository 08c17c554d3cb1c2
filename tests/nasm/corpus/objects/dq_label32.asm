; -f elf32
x: dq x
