; Text that is kept encoded in writable data and decoded before it is printed.
; runs: stdout hidden\n
KEY     equ 0x55
        section .data
text:   db 'h'^KEY, 'i'^KEY, 'd'^KEY, 'd'^KEY, 'e'^KEY, 'n'^KEY, 10^KEY
length  equ $ - text
        section .text
        global _start
_start: mov ecx, length
.next:  xor byte [text + rcx - 1], KEY
        loop .next
        mov eax, 1
        mov edi, 1
        mov esi, text
        mov edx, length
        syscall
        mov eax, 231
        xor edi, edi
        syscall
