; runs: status 0

; Retries while the call is interrupted; the status tells whether it gave all that was asked for.
global _start
section .text
_start:
.again:
    mov eax, 318
    mov rdi, bytes
    mov esi, 16
    xor edx, edx
    syscall
    cmp rax, -4
    je .again
    xor edi, edi
    cmp rax, 16
    setne dil
    mov eax, 60
    syscall
section .bss
bytes: resb 16
