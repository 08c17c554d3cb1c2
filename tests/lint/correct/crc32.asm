; The CRC of a text by shifting, compared with the known value.
; runs: status 0
        section .rodata
text:   db "123456789"
length  equ $ - text
        section .text
        global _start
_start: mov eax, -1
        mov rsi, text
        mov ecx, length
.byte:  xor al, [rsi]
        inc rsi
        mov edx, 8
.bit:   shr eax, 1
        jnc .zero
        xor eax, 0xedb88320
.zero:  dec edx
        jnz .bit
        loop .byte
        not eax
        cmp eax, 0xcbf43926
        setne dil
        movzx edi, dil
        mov eax, 60
        syscall
