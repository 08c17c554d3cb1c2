; -f elf32
extern foo
dd foo wrt ..plt
;= 3: error: ELF format cannot produce non-PC-relative PLT references
