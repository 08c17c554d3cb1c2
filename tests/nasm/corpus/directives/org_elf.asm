; -f elf64
org 0x100
nop
;= 2: error: parser: instruction expected
