; Headers made by hand, ELF64, with message.
BITS 64
org 0x400000
ehdr:
        db 0x7f, "ELF", 2, 1, 1, 0
        times 8 db 0
        dw 2, 62
        dd 1
        dq _start, phdr - $$, 0
        dd 0
        dw ehdrsize, phdrsize, 1, 0, 0, 0
ehdrsize equ $ - ehdr
phdr:
        dd 1, 5
        dq 0, $$, $$, filesize, filesize, 0x1000
phdrsize equ $ - phdr
_start:
        mov eax, 1
        mov edi, eax
        mov rsi, msg
        lea rsi, [rel msg]
        mov edx, msglen
        syscall
        xor edi, edi
        mov al, 60
        syscall
msg:    db "flat", 10
msglen  equ $ - msg
filesize equ $ - $$
