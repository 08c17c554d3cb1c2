; -f bin
struc s
.a: resb 2
.b: resb 4
endstruc
istruc s
at .a, db 2
at .b, dd 1
iend
;= 02 00 01 00 00 00
