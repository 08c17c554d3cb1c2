; -f elf64
section .foo align=3
db 1
;= 2: error: section alignment 3 is not a power of two
