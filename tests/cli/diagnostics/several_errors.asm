        section .text
_start: mvo     eax, 60
        mov     rax, ebx
        mov     edi, sttaus
        times   -1 nop
        syscall
status  equ     3
