; -f bin
struc s
.a: resb 1
alignb 4
.b: resd 1
align 8
.c: resq 1
endstruc
dw s.b,s.c,s_size
;= 04 00 08 00 10 00
