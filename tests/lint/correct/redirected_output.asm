; runs: stdout [through]

; A child writes to its standard output, which is a pipe; the parent puts brackets around it.
global _start
section .data
text: db "through"
text_length equ $-text
section .bss
ends: resd 2
buffer: resb 32
section .text
_start:
    mov eax, 22
    mov rdi, ends
    syscall
    test rax, rax
    js bad
    mov eax, 57
    syscall
    test rax, rax
    js bad
    jnz parent
    mov eax, 33                 ; dup2
    mov edi, [ends+4]
    mov esi, 1
    syscall
    mov eax, 1
    mov edi, 1
    mov rsi, text
    mov edx, text_length
    syscall
    mov eax, 60
    xor edi, edi
    syscall
parent:
    xor eax, eax
    mov edi, [ends]
    mov rsi, buffer+1
    mov edx, 30
    syscall
    test rax, rax
    jle bad
    mov byte [buffer], '['
    mov byte [buffer+1+rax], ']'
    lea rdx, [rax+2]
    mov eax, 1
    mov edi, 1
    mov rsi, buffer
    syscall
    mov eax, 60
    xor edi, edi
    syscall
bad:
    mov eax, 60
    mov edi, 1
    syscall
