        section .text
        global  _start
_start: mov     eax, [ds:rbx]
        mov     eax, [fs:rbx]
        mov     eax, es:8
        cs      lodsb
        mov     eax, [ss:rsp + 8]
        ud2
