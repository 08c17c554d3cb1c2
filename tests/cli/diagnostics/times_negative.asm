        org     0x7c00
start:  times   600 nop
        times   510-($-$$) db 0
        dw      0xaa55
        resb    -1
        times   1.5 db 0
