; format: elf32
; runs: status 25

; Counts the primes below 100.
LIMIT equ 100
section .bss
composite: resb LIMIT
section .text
global _start
_start:
    xor ebx, ebx
    mov esi, 2
next:
    cmp esi, LIMIT
    jae finish
    cmp byte [composite+esi], 0
    jne skip
    inc ebx
    lea edi, [esi+esi]
strike:
    cmp edi, LIMIT
    jae skip
    mov byte [composite+edi], 1
    add edi, esi
    jmp strike
skip:
    inc esi
    jmp next
finish:
    mov eax, 1
    int 0x80
