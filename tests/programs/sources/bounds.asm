; status: 112
; Symbols that the linker defines: where the parts of the program end.
        extern  _end, _edata, __bss_start, _etext
        global  _start
        section .data
        align   8
value:  dq      5
        section .bss
        alignb  8
room:   resb    100
        section .text
_start: mov     rdi, _end
        sub     rdi, room
        mov     rax, _edata
        sub     rax, value
        add     rdi, rax
        mov     rax, __bss_start
        sub     rax, room
        mov     rax, _etext
        sub     rax, .end
        add     rdi, rax
        mov     eax, 60
        syscall
.end:
