; A DOS program: sections in a flat file, uninitialised room behind.
        org     100h
section .text
start:  mov     dx, text
        mov     ah, 9
        int     21h
        mov     di, buffer
        mov     cx, buffer.size
        mov     al, 0
        rep     stosb
        cmp     word [counter], 3
        jae     near far_away
        inc     word [counter]
        jmp     start
        times   140 nop
far_away:
        mov     ax, 4c00h
        int     21h
section .data
text:   db      'a text', 13, 10, '$'
counter dw      0
section .bss
buffer: resb    64
.size   equ     $ - buffer
