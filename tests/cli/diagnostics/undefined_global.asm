        global  _start, helper
        extern  printf
        section .text
_start: mov     eax, 60
        xor     edi, edi
        syscall
