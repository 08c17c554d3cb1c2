; runs: stdout *\n**\n***\n****\n*****\n******\n*******\n********\n

        global  _start
        section .text
_start:
        mov     rdx, output             ; where the next byte goes
        mov     r8, 1                   ; length of the line
        mov     r9, 0                   ; stars written on it
line:
        mov     byte [rdx], '*'
        inc     rdx
        inc     r9
        cmp     r9, r8
        jne     line
line_done:
        mov     byte [rdx], 10
        inc     rdx
        inc     r8
        mov     r9, 0
        cmp     r8, maxlines
        jng     line
done:
        mov     rax, 1
        mov     rdi, 1
        mov     rsi, output
        mov     rdx, size
        syscall
        mov     rax, 60
        xor     rdi, rdi
        syscall

        section .bss
maxlines equ    8
size    equ     44
output: resb    size
