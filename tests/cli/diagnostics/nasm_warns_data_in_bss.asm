        section .bss
buffer: resb    16
text:   db      "hello", 0
        section .text
_start: jmp     $
