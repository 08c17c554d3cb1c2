; runs: status 10

; Both are used between the calls, never across them.
global _start
section .text
_start:
    xor ebx, ebx
    mov ecx, 4
.sum:
    add ebx, ecx
    loop .sum
    mov r11, rbx
    mov [kept], r11
    mov eax, 39
    syscall
    mov r11, [kept]
    mov rcx, r11
    mov edi, ecx
    mov eax, 60
    syscall
section .bss
kept: resq 1
