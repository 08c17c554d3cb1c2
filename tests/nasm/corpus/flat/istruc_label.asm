; -f bin
struc p
p.x: resw 1
p.y: resw 1
endstruc
one: istruc p
at p.x
dw 1
at p.y
dw 2
iend
dw p.x,p.y
;= 01 00 02 00 00 00 02 00
