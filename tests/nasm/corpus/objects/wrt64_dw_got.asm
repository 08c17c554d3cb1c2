; -f elf64
extern x
dw x wrt ..got
;= 3: error: invalid ..got reference
