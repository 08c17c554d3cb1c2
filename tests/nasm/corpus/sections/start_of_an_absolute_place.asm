; -f bin
bits 32
        dd 1
label:
        jmp ahead
absolute label+4
a:      resb 3
b equ $-$$
absolute 0x500
c:      resb 3
d equ $-$$
section .text
        dd a, b, c, d
ahead:
;= 01 00 00 00 eb 10 08 00 00 00 0b 00 00 00 00 05
;= 00 00 03 05 00 00
