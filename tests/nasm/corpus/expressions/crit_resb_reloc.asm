; -f elf64
extern e
resb e
;= 3: error: attempt to reserve non-constant quantity of BSS space
