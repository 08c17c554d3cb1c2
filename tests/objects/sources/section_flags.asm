; One attribute each.
section .a alloc
        db 1
section .b noalloc
        db 1
section .c exec
        nop
section .d noexec alloc
        db 1
section .e write
        db 1
section .f nowrite alloc
        db 1
section .g tls
        db 1
section .h nobits
        resb 3
section .i align=4096
        db 1
