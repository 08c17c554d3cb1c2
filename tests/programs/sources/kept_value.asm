; A value in a register that system calls keep, beside one they do not.
; stdout: tick\ntick\ntick\n
; status: 3

default rel
        section .rodata
tick    db      `tick\n`
        section .text
        global  _start
_start: xor     ebx, ebx
again:  mov     rcx, rbx                ; destroyed by the call
        push    1
        pop     rax
        mov     edi, eax
        lea     rsi, [tick]
        mov     edx, 5
        syscall
        inc     ebx
        cmp     ebx, 3
        jl      again
        mov     edi, ebx
        mov     al, 60
        syscall
