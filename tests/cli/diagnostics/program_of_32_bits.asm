        global  _start
        section .text
_start: push    ebp
        mov     eax, [ebp + 8]
        pusha
        mov     eax, 1
        int     0x80
