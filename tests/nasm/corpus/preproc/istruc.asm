; -f bin -w+all
struc s
.a: resb 1
.b: resw 1
.c: resd 2
endstruc
one: istruc s
at s.a, db 1
at s.b, dw 2
at s.c, dd 3, 4
iend
two: istruc s
at s.b
dw 5
iend
three:
istruc s
at .a, db 6
at .c, dd 7
iend
db 0xff
;= 01 02 00 03 00 00 00 04 00 00 00 00 05 00*9 06 00
;= 00 07 00 00 00 00 00 00 00 ff
