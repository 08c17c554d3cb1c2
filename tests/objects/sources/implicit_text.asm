; Code before any `section`: nasm makes .text when the first byte arrives, behind the sections that are named.
msg:    db 5
len     equ $ - msg
.x:     db 1
        section .data
..@foo: db 3
z       equ 7
foo.bar: db 1
        absolute 10
qq:     resb 3
