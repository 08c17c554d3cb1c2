; One section: the program jumps over its own data.
; runs: stdout over\n
        global _start
        section .text
_start: jmp short code
text:   db "over", 10
size    equ $ - text
code:   lea rsi, [rel text]
        push 1
        pop rax
        mov edi, eax
        mov edx, size
        syscall
        mov al, 60
        dec edi
        syscall
