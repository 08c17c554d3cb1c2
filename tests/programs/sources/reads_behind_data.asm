; status: 0
; A byte behind the code is read as a quadword: zeroes follow it, as in ld's pages.
        global  _start
        section .text
_start: mov     rbx, [constant]
        xor     edi, edi
        cmp     rbx, 3
        setne   dil
        mov     eax, 60
        syscall
constant:
        db      3
