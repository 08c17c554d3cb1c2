        section .text
_start: mov     eax,
        mov     eax, (1 + 2
        mov     eax, 1 +
        db      "open
        mov     eax, 12x
        dd      0b12
        mov     eax, 1 2
        mov,    eax
        times
        equ     5
name:   equ
%frobnicate 3
        resb
        align   3
        bits    48
        section
        global
        mov     eax, 1 / 0
