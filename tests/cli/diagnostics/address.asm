        section .text
_start: mov     eax, [rax+rbx+rcx]
        mov     eax, [rax*3]
        mov     eax, [rsp*2+rax]
        mov     eax, [rax+ebx]
        mov     eax, [rax*16]
        mov     ah, r8b
        mov     eax, [rax
        mov     eax, rax]
