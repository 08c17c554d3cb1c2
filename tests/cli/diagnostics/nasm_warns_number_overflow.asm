        section .text
_start: mov     al, 256
        mov     eax, 0x1_0000_0000
        add     rax, 0x1_2345_6789
        add     eax, byte 200
        mov     word [rax], -65537
        push    0x8000_0000
        imul    eax, ebx, 0x1_0000_0000
        mov     ecx, [rax+0x8000_0000]
        mov     ecx, [byte rax+200]
        mov     dl, later
        add     ecx, later
        jmp     $
        section .data
        db      300, -129
        dw      0x12345
        dd      0x1_0000_0000
        dq      0x1_0000_0000_0000_0000
        db      'abc', 1000
later   equ     300
