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
