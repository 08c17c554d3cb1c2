; -f bin
struc a
.b: resb 1
c: resb 1
.d: resb 1
endstruc
x:
.y: db a.b, c, c.d
dw x.y
;= 00 01 02 00 00
