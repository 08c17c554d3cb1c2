; -f elf64
times -1 db 1
;= 2: error: TIMES value -1 is negative
