; -f bin
struc u
.a: resb 4
.sz:
endstruc
absolute u.a
u2: resw 1
section .text
db u2
;= 00
