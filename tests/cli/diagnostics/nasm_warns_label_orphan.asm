        section .text
_start: mov     eax, 60
        syscal
        nope
label_alone
        jmp     $
