; A message through `syscall`.
; stdout: Hello, World!\n

        global  _start

        section .text
_start: mov     rax, 1
        mov     rdi, 1
        mov     rsi, message
        mov     rdx, length
        syscall
        mov     eax, 60
        xor     edi, edi
        syscall

        section .rodata
message: db     "Hello, World!", 10
length  equ     $ - message
