; `align`, `alignb` and `sectalign` raise a section's alignment.
section .text
        nop
        align 32
        ret
section .data
        db 1
        align 4
        dd 1
section .bss
        resb 1
        alignb 64
        resb 1
section .other
        sectalign 128
        db 1
section .off
        sectalign off
        db 1
        align 64
        db 1
