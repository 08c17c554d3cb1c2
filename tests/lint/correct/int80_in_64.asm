; 64-bit code that keeps to the old call on purpose: numbers and registers are the old ones.
; needs: int80
; runs: stdout old\n
        section .data
text:   db "old", 10
        section .text
        global _start
_start: mov eax, 4
        mov ebx, 1
        mov ecx, text
        mov edx, 4
        int 0x80
        mov eax, 1
        xor ebx, ebx
        int 0x80
