; -f bin
bits 16
l1: a32 loop l1
l2: loop l2, ecx
l3: a16 loop l3
l4: loopne l4, cx
a32 loope l4
bits 32
m1: a16 loop m1
m2: loop m2, cx
m3: a32 loopnz m3
bits 64
n1: a32 loop n1
n2: loop n2, ecx
n3: loop n3, rcx
;= 67 e2 fd 67 e2 fd e2 fe e0 fe 67 e1 fb 67 e2 fd
;= 67 e2 fd e0 fe 67 e2 fd 67 e2 fd e2 fe
