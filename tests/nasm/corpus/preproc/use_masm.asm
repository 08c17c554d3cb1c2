; -f bin -w+all
%use masm
bits 32
mov eax, dword ptr [ebx]
mov al, byte ptr foo
mov cx, word ptr foo[eax]
mov eax, offset foo
foo proc near
ret
foo endp
mov edx, dword ptr flat:foo
;= 8b 03 a0 13 00 00 00 66 8b 88 13 00 00 00 b8 13
;= 00 00 00 c3 8b 15 13 00 00 00
