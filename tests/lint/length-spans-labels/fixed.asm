; runs: stdout one\ntwo\n

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, one
    mov edx, one_len
    syscall
    mov eax, 1
    mov rsi, two
    mov edx, two_len
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .data
one: db "one", 10
one_len equ $-one
two: db "two", 10
two_len equ $-two
