; runs: status 11

; Length by scasb, comparison by cmpsb, copy by movsb.
global _start
section .data
text: db "string here", 0
same: db "string here", 0
section .bss
copy: resb 32
section .text
_start:
    cld
    mov rdi, text
    xor eax, eax
    mov rcx, -1
    repne scasb
    not rcx
    dec rcx
    mov r12, rcx
    mov rsi, text
    mov rdi, copy
    lea rcx, [r12+1]
    rep movsb
    mov rsi, copy
    mov rdi, same
    mov rcx, r12
    repe cmpsb
    jne .differ
    mov rdi, r12
    jmp .end
.differ:
    mov edi, 1
.end:
    mov eax, 60
    syscall
