; `stat` is number 4, and rbx and rcx hold other things.
; runs: status 0

global _start
section .text
_start:
    xor ebx, ebx
    xor ecx, ecx
    mov eax, 4
    mov rdi, path
    mov rsi, buffer
    syscall
    mov edi, eax
    mov eax, 60
    syscall
section .data
path: db "/", 0
section .bss
buffer: resb 144
