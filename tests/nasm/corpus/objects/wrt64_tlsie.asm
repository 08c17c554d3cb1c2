; -f elf64
extern x
dq x wrt ..tlsie
;= 3: error: ELF format does not support this use of WRT
