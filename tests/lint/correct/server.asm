; An echo server that never ends, so it is not executed here.
global _start
section .text
_start:
    mov eax, 41                 ; socket(AF_INET, SOCK_STREAM, 0)
    mov edi, 2
    mov esi, 1
    xor edx, edx
    syscall
    test eax, eax
    js fail
    mov r12d, eax
    mov eax, 49                 ; bind
    mov edi, r12d
    mov rsi, address
    mov edx, address_size
    syscall
    test eax, eax
    js fail
    mov eax, 50                 ; listen
    mov edi, r12d
    mov esi, 5
    syscall
accept:
    mov eax, 43
    mov edi, r12d
    xor esi, esi
    xor edx, edx
    syscall
    test eax, eax
    js accept
    mov r13d, eax
talk:
    xor eax, eax
    mov edi, r13d
    mov rsi, buffer
    mov edx, 1024
    syscall
    test rax, rax
    jle hang_up
    mov rdx, rax
    mov eax, 1
    mov edi, r13d
    mov rsi, buffer
    syscall
    jmp talk
hang_up:
    mov eax, 3
    mov edi, r13d
    syscall
    jmp accept
fail:
    neg eax
    mov edi, eax
    mov eax, 60
    syscall
section .data
address: dw 2
         db 0x1f, 0x90
         dd 0
         dq 0
address_size equ $-address
section .bss
buffer: resb 1024
