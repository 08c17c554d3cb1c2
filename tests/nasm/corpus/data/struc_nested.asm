; -f bin
struc in
.a: resb 1
endstruc
struc out
.i: resb in_size
.j: resw 1
endstruc
db out.j, out_size
;= 01 03
