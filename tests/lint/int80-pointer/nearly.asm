; The pointer is to .data, which lies low.
; needs: int80
; runs: status 1

global _start
section .text
_start:
    push 'A'
    pop rax
    mov [letter], al
    mov eax, 4
    mov ebx, 1
    mov ecx, letter
    mov edx, 1
    int 0x80
    mov ebx, eax
    mov eax, 1
    int 0x80
section .data
letter: db 0
