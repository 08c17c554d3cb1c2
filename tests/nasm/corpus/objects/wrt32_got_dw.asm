; -f elf32
extern foo
dw foo wrt ..got
;= 3: error: Unsupported 16-bit ELF relocation
