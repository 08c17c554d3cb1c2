        section .text
_start: mov     eax, mesage
        mov     edx, [lenght]
        jmp     nowhere_at_all
        section .rodata
message: db     "hi", 10
length  equ     $ - message
