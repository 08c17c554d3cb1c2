; runs: status 44

global _start
section .text
_start:
    mov eax, 60
    mov edi, 300
    syscall
