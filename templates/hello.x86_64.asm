; prints a message
; param message: line = "Hello, World!" "what to print"

        global  _start

        section .text
_start: mov     eax, 1                  ; write(1, message, length)
        mov     edi, 1
        mov     esi, message
        mov     edx, length
        syscall

        mov     eax, 60                 ; exit(0)
        xor     edi, edi
        syscall

        section .rodata
message: db     {message}
length  equ     $ - message
