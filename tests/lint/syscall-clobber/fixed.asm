; runs: status 0

global _start
section .text
_start:
    mov ebx, 3
    mov eax, 39
    syscall
    xor edi, edi
    cmp ebx, 3
    setne dil
    mov eax, 60
    syscall
