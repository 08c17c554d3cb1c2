; runs: signal 11

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, msg
    mov edx, len
    syscall
    xor eax, eax
    ret
section .data
msg: db "hello", 10
len equ $-msg
