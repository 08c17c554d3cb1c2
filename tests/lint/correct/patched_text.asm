; runs: stdout value: 00042\n

; The number is written into the middle of the text.
global _start
section .data
text:   db "value: "
number: db "00000", 10
length  equ $ - text
section .text
_start:
    mov eax, 42
    mov rdi, number + 4
    mov ebx, 10
.digit:
    xor edx, edx
    div ebx
    add [rdi], dl
    dec rdi
    test eax, eax
    jnz .digit
    mov eax, 1
    mov edi, 1
    mov rsi, text
    mov edx, length
    syscall
    xor edi, edi
    mov eax, 60
    syscall
