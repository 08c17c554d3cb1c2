        section .rodata
message: db     “hello”, 10
        section .text
_start: mov     eax, 60
        syscall
