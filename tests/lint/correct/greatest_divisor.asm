; runs: status 14

; setcc, cmov and div, and a function that jumps back to its beginning.
global _start
section .text
divisor:                        ; (rdi, rsi)
    cmp rdi, rsi
    mov rax, rdi
    cmovb rdi, rsi
    cmovb rsi, rax
    test rsi, rsi
    jz .end
    mov rax, rdi
    xor edx, edx
    div rsi
    mov rdi, rsi
    mov rsi, rdx
    jmp divisor
.end:
    mov rax, rdi
    ret
_start:
    mov edi, 42
    mov esi, 98
    call divisor
    mov rbx, rax
    cmp rbx, 14
    setne al
    movzx edi, al
    add edi, ebx
    mov eax, 60
    syscall
