; runs: status 0

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, msg
    mov edx, len
    syscall
    cmp rax, 6
    je done
    mov eax, 60
    mov edi, 1
    syscall
done:
    mov eax, 60
    xor edi, edi
    syscall
section .data
msg: db "hello", 10
len equ $-msg
