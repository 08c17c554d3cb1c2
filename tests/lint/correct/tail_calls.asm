; Functions that end in a jump to the next, and one that ends the program.
; runs: status 6
        section .text
        global _start
one:    add edi, 1
        jmp two
two:    add edi, 2
        jmp three
three:  add edi, 3
        ret
finish: mov eax, 60
        syscall
_start: xor edi, edi
        call one
        call finish
