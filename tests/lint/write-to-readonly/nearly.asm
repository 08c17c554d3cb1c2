; The page is made writable first.
; runs: status 9

global _start
section .text
_start:
    mov eax, 10
    mov rdi, _start
    and rdi, -4096
    mov esi, 4096
    mov edx, 7
    syscall
    mov byte [patch+1], 9
patch:
    mov edi, 5
    mov eax, 60
    syscall
