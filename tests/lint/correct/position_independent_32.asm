; format: elf32
; runs: stdout anywhere\n

; The code finds out where it is and reaches its data from there.
global _start
section .text
_start:
    call .here
.here:
    pop ebx
    lea ecx, [ebx+text-.here]
    mov edx, text_end-text
    push ebx
    mov ebx, 1
    mov eax, 4
    int 0x80
    pop ebx
    xor ebx, ebx
    mov eax, 1
    int 0x80
text: db "anywhere", 10
text_end:
