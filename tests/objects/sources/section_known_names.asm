; What sections of known names are without attributes.
section .rodata
        db 1
section .rodata1
        db 1
section .lrodata
        db 1
section .ldata
        db 1
section .lbss
        resb 1
section .tdata
        db 1
section .tbss
        resb 1
section .comment
        db 1
section .init
        nop
section .fini
        nop
section .bss.part
        resb 1
section .text.hot
        nop
