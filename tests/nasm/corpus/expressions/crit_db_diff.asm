; -f elf64
section .a
x:
section .b
y:
section .text
dd x-y
;= 7: error: expression is not simple or relocatable
