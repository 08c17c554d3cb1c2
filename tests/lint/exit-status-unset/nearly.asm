; A function that exits with what it was given, and a status that one of two paths sets.
; runs: status 4

global _start
section .text
_start:
    mov eax, 39
    syscall
    test eax, eax
    jz quit
    mov edi, 4
quit:
    call leave_with
leave_with:
    mov eax, 60
    syscall
