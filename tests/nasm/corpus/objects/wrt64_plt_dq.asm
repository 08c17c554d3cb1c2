; -f elf64
extern x
dq x wrt ..plt
;= 3: error: ELF format cannot produce non-PC-relative PLT references
