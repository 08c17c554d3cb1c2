; Words in a text counted by two states that jump to each other.
; runs: status 4
        section .rodata
text:   db "  four little words  here", 0
        section .text
        global _start
_start: mov rsi, text
        xor ebx, ebx
outside:
        lodsb
        cmp al, 0
        je done
        cmp al, ' '
        je outside
        inc ebx
inside: lodsb
        cmp al, 0
        je done
        cmp al, ' '
        je outside
        jmp inside
done:   mov edi, ebx
        mov eax, 60
        syscall
