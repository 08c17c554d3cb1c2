; runs: stdout Linux\n

global _start
section .text
_start:
    mov eax, 63
    mov rdi, names
    syscall
    mov rsi, names
    xor edx, edx
.length:
    cmp byte [rsi+rdx], 0
    je .found
    inc edx
    jmp .length
.found:
    mov byte [rsi+rdx], `\n`
    inc edx
    mov eax, 1
    mov edi, eax
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .bss
names: resb 65*6
