; Sections stand in the order of their first names, .text at its first use.
section .zz
        db 1
section .aa
        db 2
section .data
        db 3
section .text
        nop
section .bss
        resb 4
section .rodata
        db 5
