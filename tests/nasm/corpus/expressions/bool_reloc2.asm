; -f elf64
x: dd x && 1
;= 2: error: `&' operator may only be applied to scalar values
