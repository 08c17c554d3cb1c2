; An object without outside: everything local, tables of addresses, jumps both ways.
        section .text
        global  _start
_start: jmp     near middle
table:  dq      _start, middle, last, table
        dd      last - table, $ - table
middle: mov     rax, table
        mov     eax, table
        mov     ecx, [table + 8]
        mov     rcx, [rel table + 8]
        lea     rdx, [table + rax*8]
        jmp     [table + rcx*8]
        push    last
        push    qword [last]
        call    last
        loop    middle
last:   test    byte [rel flags], 1
        or      word [flags], 0x1234
        mov     qword [rel flags], 17
        movzx   eax, byte [rel flags]
        cmp     dword [flags], last
        section .data
flags:  dq      0
        dw      flags - $$, 5
        section .bss
        alignb  16
area:   resb    100
.end:
