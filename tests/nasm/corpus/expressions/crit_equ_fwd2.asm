; -f bin
a equ b+1
times 3 db 1
b:
dw a
;= 01 01 01 04 00
