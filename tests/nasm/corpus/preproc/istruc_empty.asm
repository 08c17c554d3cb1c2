; -f bin -w+all
struc s
.a: resb 2
endstruc
istruc s
iend
db 1
;= 00 00 01
