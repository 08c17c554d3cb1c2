; Section types by name and by number.
section .notes note
        dd 4, 4, 1
        db "abc", 0, 1, 2, 3, 4
section .pre preinit_array write
        dq f
section .ini init_array write
        dq f
section .fin fini_array write
        dq f
section .plain progbits
        db 1
section .text
f:      ret
