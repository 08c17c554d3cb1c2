; An author who knows what `$` means: the same number, and others that only hexadecimal has.
; runs: status 0

global _start
section .text
_start:
    mov eax, $60
    mov edi, time
    xor esi, esi
    syscall
    mov edi, eax
    mov eax, $3c
    syscall
section .bss
time: resq 2
