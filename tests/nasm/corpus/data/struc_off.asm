; -f bin
struc s, -8
.a: resd 1
.b: resd 1
endstruc
db s.a, s.b, s_size
struc t, 4
a: resb 1
.c resw 2
alignb 8
d: resq 1
endstruc
db a, a.c, d, t_size
;= f8 fc 08 04 05 10 14
