; runs: status 0

; Every byte counts: registers are zero at the start, and one value serves several calls.
global _start
section .text
_start:
    inc eax
    mov edi, eax
    mov esi, text
    mov dl, 6
    syscall
    mov al, 60
    dec edi
    syscall
text: db "short", 10
