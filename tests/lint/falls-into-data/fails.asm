; runs: signal 11

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    lea rsi, [rel msg]
    mov edx, 13
    syscall
msg: db "Hello, World", 10
