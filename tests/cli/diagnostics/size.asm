        section .text
_start: mov     [rax], 5
        inc     [rbx]
        push    [rcx]
        shl     [rdi], 1
        movzx   eax, [rsi]
        fld     [rsp]
