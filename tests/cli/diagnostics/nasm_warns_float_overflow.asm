        section .text
_start: jmp     $
        section .data
        dt      1e5000
        db      250.0, 240.0
        dd      -1e39
        dd      1e400
        dd      1e39
        dw      1e10
        dq      1e-400
