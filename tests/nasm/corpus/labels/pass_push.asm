; -f bin
bits 32
push a-b
b: nop
a:
add eax, a-b
mov eax,[ebx+a-b]
push a-c
times 200 nop
c:
add ecx, c-b
;= 6a 01 90 83 c0 01 8b 43 01 68 2d ff ff ff 90*200 81
;= c1 d4 00 00 00
