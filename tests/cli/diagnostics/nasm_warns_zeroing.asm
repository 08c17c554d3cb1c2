        section .data
first:  resb    4
        section .text
_start: resd    1
        jmp     $
