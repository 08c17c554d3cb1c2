; Sections of flat output, switched back and forth.
        section .data
d1:     dd 1, t1, b1
        section .text
t1:     dw d1, $$, $-$$
        segment .data
        dw d2
d2:     db 5
[section .bss]
b1:     resb 10
b2:     resw 2
[SECTION .text]
        dw b2, b2-b1
        align 8, db 0
        db 1
        alignb 4
        db 2
        absolute 0x40
a1:     resb 4
a2:     resd 2
a3:
        section .text
        dw a1, a2, a3, a3-a1
