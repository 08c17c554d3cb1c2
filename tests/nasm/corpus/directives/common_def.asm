; -f elf64
common intvar 4
intvar: dd 1
;= 3: error: label `intvar' inconsistently redefined
