; Attributes of sections.
section .text align=32
        nop
section .rodata.str align=1 noexec nowrite progbits alloc
        db "text", 0
section .data.rel.ro write
        dq after
section .note.mine note align=4
        dd 1
section .init_array
        dq after
section custom exec nowrite align=64
after:  ret
section room nobits write
        resb 12
section .tbss
        resq 1
section .comment
        db "made by hand", 0
section .debug_x noalloc
        db 1
section .note.GNU-stack noalloc noexec nowrite progbits
