; The largest that fits on one path, and -1, which everybody knows as 255.
; runs: status 255

global _start
section .text
_start:
    mov eax, 39
    syscall
    test eax, eax
    js negative
    mov eax, 60
    mov edi, 255
    syscall
negative:
    mov eax, 60
    mov rdi, -1
    syscall
