; runs: status 7

global _start
section .text
_start:
    mov eax, 57
    syscall
    test eax, eax
    jz child
    js failed
    mov edi, eax
    mov rsi, status
    xor edx, edx
    xor r10d, r10d
    mov eax, 61
    syscall
    movzx edi, byte [status+1]
    mov eax, 60
    syscall
child:
    mov edi, 7
    mov eax, 60
    syscall
failed:
    mov edi, 1
    mov eax, 60
    syscall
section .bss
status: resd 1
