; runs: stdout 4294967295\n

; The digits come out backwards, so they are pushed and popped.
global _start
section .bss
out: resb 24
section .text
_start:
    mov eax, 0xffffffff
    mov rdi, out
    xor ecx, ecx
    mov ebx, 10
.divide:
    xor edx, edx
    div rbx
    add dl, '0'
    push rdx
    inc ecx
    test rax, rax
    jnz .divide
.store:
    pop rax
    stosb
    loop .store
    mov al, 10
    stosb
    mov rdx, rdi
    mov rsi, out
    sub rdx, rsi
    mov edi, 1
    mov eax, edi
    syscall
    xor edi, edi
    mov eax, 60
    syscall
