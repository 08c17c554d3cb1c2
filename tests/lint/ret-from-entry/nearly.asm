; The entry point is called like a function, and the other `ret` takes an address that was pushed.
; runs: status 7

global _start
section .text
_start:
    inc ebx
    cmp ebx, 2
    je twice
    call _start
    push quit
    ret
twice:
    ret
quit:
    mov eax, 60
    lea edi, [rbx+5]
    syscall
