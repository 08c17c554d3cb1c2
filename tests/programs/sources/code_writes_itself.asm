; status: 42
; A section that is both writable and executable, because the source says so.
        global  _start
        section self exec write alloc progbits
_start: mov     byte [rel patch+1], 42
patch:  mov     edi, 5
        mov     eax, 60
        syscall
