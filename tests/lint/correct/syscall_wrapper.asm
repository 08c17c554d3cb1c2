; runs: stdout wrapped\n

; Every call goes through one function that takes its arguments as functions do.
global _start
section .data
text: db "wrapped", 10
text_length equ $-text
section .text
_start:
    mov edi, 1                  ; the number, then the arguments
    mov esi, 1
    mov rdx, text
    mov ecx, text_length
    call system
    cmp rax, text_length
    jne .wrong
    mov edi, 60
    xor esi, esi
    call system
.wrong:
    mov edi, 60
    mov esi, 1
    call system
system:
    mov rax, rdi
    mov rdi, rsi
    mov rsi, rdx
    mov rdx, rcx
    mov r10, r8
    mov r8, r9
    syscall
    ret
