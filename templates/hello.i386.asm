; prints a message
; param message: line = "Hello, World!" "what to print"

        bits    32
        global  _start

        section .text
_start: mov     eax, 4                  ; write(1, message, length)
        mov     ebx, 1
        mov     ecx, message
        mov     edx, length
        int     0x80

        mov     eax, 1                  ; exit(0)
        xor     ebx, ebx
        int     0x80

        section .rodata
message: db     {message}
length  equ     $ - message
