; -f elf64
x: nop
x equ 5
;= 3: error: label `x' inconsistently redefined
