; -f elf64
list -
nop
;= 2: error: parser: instruction expected
