; runs: signal 11

global _start
section .text
_start:
    mov rdi, text
    mov al, 'J'
    stosb
    mov eax, 60
    xor edi, edi
    syscall
section .rodata
text: db "Hello"
