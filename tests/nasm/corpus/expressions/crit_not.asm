; -f elf64
x:
dd ~x, -x
;= 3: error: `~' operator may only be applied to scalar values
