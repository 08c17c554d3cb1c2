; -f elf64
[frobnicate]
nop
;= 2: error: unrecognized directive [frobnicate]
