; -f elf64 : refused
extern x
common x 4
;= 3: error: label `x' inconsistently redefined
