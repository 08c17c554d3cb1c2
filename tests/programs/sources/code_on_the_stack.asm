; status: 3
; A source that says so has a stack that may be executed.

        section .note.GNU-stack noalloc exec nowrite progbits

        section .text
        global  _start
_start: mov     rax,0x9090c3909090c3
        push    rax
        call    rsp
        mov     edi,3
        mov     eax,60
        syscall
