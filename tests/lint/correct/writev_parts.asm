; One call that writes three pieces.
; runs: stdout one, two, three\n
        section .rodata
one:    db "one, "
two:    db "two, "
three:  db "three", 10
        section .data
pieces: dq one, two - one
        dq two, three - two
        dq three, pieces_end - three
        section .rodata
pieces_end:
        section .text
        global _start
_start: mov eax, 20
        mov edi, 1
        mov rsi, pieces
        mov edx, 3
        syscall
        xor edi, edi
        mov eax, 60
        syscall
