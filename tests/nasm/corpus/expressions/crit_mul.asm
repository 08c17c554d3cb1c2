; -f elf64
x:
dd x*2
;= 3: error: expression is not simple or relocatable
