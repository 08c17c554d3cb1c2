; -f elf64
extern e
section .data
x: db e
dw e
dd e
dq e
db x
dw x
dd x
dq x
dw e-$
dd e-$
dq e-$
db e-$
dd x-$
dq x - y
section .other
y: db 1
;= 17: error: expression is not simple or relocatable
