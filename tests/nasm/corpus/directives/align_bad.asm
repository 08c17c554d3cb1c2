; -f elf64
align 3
;= 2: error: segment alignment `3' is not power of two
