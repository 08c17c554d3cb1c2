; A line of stars made by a string instruction.
; runs: stdout ********\n
        section .bss
line:   resb 9
        section .text
        global _start
_start: mov edi, line
        mov al, '*'
        mov ecx, 8
        rep stosb
        mov byte [rdi], 10
        mov eax, 1
        mov edi, 1
        mov esi, line
        mov edx, 9
        syscall
        mov eax, 60
        xor edi, edi
        syscall
