; -f elf64
x:
dd x>>2
;= 3: error: shift operator may only be applied to scalar values
