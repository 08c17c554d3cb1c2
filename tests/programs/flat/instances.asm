; Structures: offsets, sizes, instances with members by short and full name.
struc p, 4
.a: resd 1
.b: resw 3
.c resb 1
endstruc
struc q
qx: resb 5
qy: resq 1
endstruc
section .data
dd 1
i1: istruc p
 at .a, dd 5
 at .b, dw 1,2,3
 at p.c, db 7
iend
i2: istruc q
 at qy, dq 9
iend
dd p_size, q_size, p.b
