; runs: 12
; Data and functions through the global offset table and the procedure table.
default rel
global  _start, value, more
section .data
value:  dd 5
section .text
_start: mov rax, [rel value wrt ..got]
        mov edi, [rax]
        call more wrt ..plt
        mov eax, 60
        syscall
section .text.more exec
more:   add edi, 7
        ret
