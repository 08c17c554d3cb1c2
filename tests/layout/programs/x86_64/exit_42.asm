; Leaves with status 42.
global _start
_start: mov al,60               ; exit
        mov dil,42
        syscall
