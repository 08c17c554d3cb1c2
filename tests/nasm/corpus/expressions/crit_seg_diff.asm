; -f elf64
section .a
x:
section .b
y:
section .text
times x-y nop
;= 7: error: non-constant argument supplied to TIMES
