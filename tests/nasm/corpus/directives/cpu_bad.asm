; -f elf64
cpu frob
nop
;= 2: error: unknown CPU type or flag 'frob'
