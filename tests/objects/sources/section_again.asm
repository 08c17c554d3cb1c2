; A section that is named several times goes on where it ended; attributes of later names do not count.
section .one progbits alloc align=8
        db 1
section .two write
        dq here
section .one
here:   db 2
section .text
        nop
section .two
        dd 5
[section .one]
        db 3
