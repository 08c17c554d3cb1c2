; needs: int80
; runs: status 242

global _start
section .text
_start:
    push 'A'
    mov eax, 4
    mov ebx, 1
    mov rcx, rsp
    mov edx, 1
    int 0x80
    mov ebx, eax
    mov eax, 1
    int 0x80
