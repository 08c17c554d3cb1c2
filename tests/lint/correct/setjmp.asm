; Leaving three calls at once: registers are saved before and put back.
; runs: status 17
        section .bss
buffer: resq 8
        section .text
        global _start
save:   mov [buffer], rbx
        mov [buffer + 8], rbp
        mov [buffer + 16], r12
        lea rdx, [rsp + 8]
        mov [buffer + 24], rdx
        mov rdx, [rsp]
        mov [buffer + 32], rdx
        xor eax, eax
        ret
back:   mov eax, edi
        mov rbx, [buffer]
        mov rbp, [buffer + 8]
        mov r12, [buffer + 16]
        mov rsp, [buffer + 24]
        jmp [buffer + 32]
deep:   cmp edi, 3
        je .leave
        inc edi
        call deep
        ret
.leave: mov edi, 17
        jmp back
_start: call save
        test eax, eax
        jnz .again
        xor edi, edi
        call deep
        mov eax, 99
.again: mov edi, eax
        mov eax, 60
        syscall
