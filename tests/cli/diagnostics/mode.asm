        bits    32
        mov     rax, 1
        push    r8
        mov     sil, 1
        bits    64
        push    ax
        pop     eax
        push    cs
        mov     eax, [bx+si]
        bits    16
        mov     rax, [rbx]
