; runs: stdout aGVsbG8h\n

global _start
section .rodata
alphabet: db "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
input: db "hello!"
input_length equ $-input
section .bss
output: resb 64
section .text
_start:
    mov rsi, input
    mov rdi, output
    mov ebx, input_length/3
.group:
    movzx eax, byte [rsi]
    shl eax, 8
    mov al, [rsi+1]
    shl eax, 8
    mov al, [rsi+2]
    add rsi, 3
    mov ecx, 4
.digit:
    mov edx, eax
    shr edx, 18
    and edx, 63
    mov dl, [alphabet+rdx]
    mov [rdi], dl
    inc rdi
    shl eax, 6
    dec ecx
    jnz .digit
    dec ebx
    jnz .group
    mov byte [rdi], 10
    inc rdi
    mov rdx, rdi
    sub rdx, output
    mov eax, 1
    mov edi, 1
    mov rsi, output
    syscall
    mov eax, 60
    xor edi, edi
    syscall
