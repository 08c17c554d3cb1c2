; -f elf64
dd x wrt ..gotoff
x: dq 1
;= 2: error: ELF64 requires ..gotoff references to be qword
