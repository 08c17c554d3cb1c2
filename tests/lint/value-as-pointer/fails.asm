; runs: status 242

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, [msg]
    mov edx, len
    syscall
    mov edi, eax
    mov eax, 60
    syscall
section .data
msg: db "hello", 10
len equ $-msg
