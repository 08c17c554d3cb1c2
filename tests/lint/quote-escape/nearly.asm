; Text about escapes, a path, and the two characters themselves in a program that knows newlines.
; runs: stdout write \\n\n

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, msg
    mov edx, len
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .data
msg: db "write \n", 10
len equ $-msg
escaped: db "\n"
path: db "C:\new\n", 0
