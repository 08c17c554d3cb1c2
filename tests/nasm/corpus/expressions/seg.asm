; -f elf64
mov ax, seg x
x:
;= 2: error: ELF format does not support segment base references
