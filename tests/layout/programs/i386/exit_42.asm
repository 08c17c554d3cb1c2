; Leaves with status 42.
global _start
_start: inc eax                 ; exit
        mov bl,42
        int 0x80
