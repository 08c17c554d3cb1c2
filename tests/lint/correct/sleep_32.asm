; format: elf32
; runs: stdout tick\ntick\n

global _start
section .data
pause_time: dd 0, 1000000
text: db "tick", 10
.len: equ $-text
section .text
_start:
    mov esi, 2
.again:
    mov eax, 4
    mov ebx, 1
    mov ecx, text
    mov edx, text.len
    int 0x80
    mov eax, 162
    mov ebx, pause_time
    xor ecx, ecx
    int 0x80
    dec esi
    jnz .again
    mov al, 1
    xor ebx, ebx
    int 0x80
