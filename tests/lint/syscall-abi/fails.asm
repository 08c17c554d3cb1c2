; runs: status 242

global _start
section .text
_start:
    mov rax, 4
    mov rdi, 1
    mov rsi, msg
    mov rdx, len
    syscall
    mov edi, eax
    mov eax, 60
    syscall
section .data
msg: db "hello", 10
len equ $-msg
