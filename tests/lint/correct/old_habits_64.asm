; 32-bit calls in 64-bit code, with everything below 4 GiB.
; needs: int80
; runs: stdout low\n

global _start
section .data
text: db "low", 10
section .text
_start:
    mov rax, 4
    mov rbx, 1
    mov rcx, text
    mov rdx, 4
    int 80h
    mov rax, 1
    mov rbx, 0
    int 80h
