; runs: status 1

global _start
section .text
_start:
    push 'A'
    mov eax, 1
    mov edi, 1
    mov rsi, rsp
    mov edx, 1
    syscall
    mov edi, eax
    mov eax, 60
    syscall
