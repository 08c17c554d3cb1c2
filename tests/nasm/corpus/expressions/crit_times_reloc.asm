; -f elf64
extern e
times e db 1
;= 3: error: non-constant argument supplied to TIMES
