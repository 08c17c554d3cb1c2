; runs: status 1

global _start
section .text
_start:
    mov rcx, 3
    mov eax, 39
    syscall
    xor edi, edi
    cmp rcx, 3
    setne dil
    mov eax, 60
    syscall
