; -f elf64
default foo
nop
;= 2: error: invalid parameter to [default] directive
