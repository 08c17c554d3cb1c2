; -f bin
struc pt
.x: resd 1
.y: resd 1
.name: resb 8
endstruc
db pt_size, pt.x, pt.y, pt.name
p: istruc pt
at pt.x, dd 1
at pt.y, dd 2
at pt.name, db "abc"
iend
q: istruc pt
at pt.y, dd 2
iend
mov eax,[p+pt.y]
;= 10 00 04 08 01 00 00 00 02 00 00 00 61 62 63 00*9
;= 02 00*11 66 a1 08 00
