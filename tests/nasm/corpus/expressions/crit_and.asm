; -f elf64
x:
dd x & 5
;= 3: error: `&' operator may only be applied to scalar values
