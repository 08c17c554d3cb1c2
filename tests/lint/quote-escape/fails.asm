; runs: stdout hello\\n

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, msg
    mov edx, len
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .data
msg: db "hello\n"
len equ $-msg
