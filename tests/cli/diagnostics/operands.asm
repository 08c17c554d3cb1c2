        section .text
_start: mov     eax, ebx, ecx
        mov     rax, ebx
        mov     [rax], [rbx]
        mov     5, eax
        add     eax
        lea     eax, ebx
        push    eax
        shl     eax, ebx
        movzx   eax, ecx
        int     eax
        syscall 3
        jmp     rax, rbx
        mov     cs, rax
        mov     rax, 1, 2
        movaps  xmm0, eax
