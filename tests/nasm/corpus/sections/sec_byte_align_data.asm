; -f elf32
section .text
nop
section .data
dd .data
section .bss
x: resd 1
;= 5: error: symbol `x.data' not defined
