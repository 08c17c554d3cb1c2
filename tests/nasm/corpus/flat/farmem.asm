; -f bin
bits 64
call far [rax]
jmp far [rbx+8]
call qword far [rax]
jmp dword far [rcx]
call word far [rdx]
bits 32
call far [eax]
jmp word far [eax]
call dword far [ebx]
jmp dword far [x]
bits 16
call far [bx]
jmp dword far [bx]
x:
;= 48 ff 18 48 ff 6b 08 48 ff 18 ff 29 66 ff 1a ff
;= 18 66 ff 28 ff 1b ff 2d 21 00 00 00 ff 1f 66 ff
;= 2f
