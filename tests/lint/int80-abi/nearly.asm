; 64-bit code that uses 32-bit calls as they are meant, with rdi and rsi in use for other things.
; needs: int80
; runs: status 5

global _start
section .text
_start:
    mov rdi, msg
    mov rsi, msg
    mov eax, 4
    mov ebx, 1
    mov ecx, msg
    mov edx, len
    int 0x80
    mov rdi, msg
    mov eax, 1
    mov ebx, 5
    int 0x80
section .data
msg: db "hello", 10
len equ $-msg
