; needs: int80
; runs: status 0

global _start
section .text
_start:
    mov rax, 1
    mov rdi, 1
    mov rsi, msg
    mov rdx, len
    int 0x80
    mov eax, 60
    xor edi, edi
    syscall
section .data
msg: db "hello", 10
len equ $-msg
