; -f elf64
extern x
dd x wrt ..gottpoff
;= 3: error: ELF format does not support this use of WRT
