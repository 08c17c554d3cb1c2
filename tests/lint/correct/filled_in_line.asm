; runs: stdout Result:\n0042\n

; The second line is written when the number is known; both are printed at once.
global _start
section .text
_start:
    mov eax, 42
    mov rdi, digits+3
    mov ecx, 10
.next:
    xor edx, edx
    div ecx
    add dl, '0'
    mov [rdi], dl
    dec rdi
    cmp rdi, digits
    jae .next
    mov byte [digits+4], 10
    mov eax, 1
    mov edi, 1
    mov rsi, text
    mov edx, length
    syscall
    xor edi, edi
    mov eax, 60
    syscall
section .data
text:   db "Result:", 10
digits: times 5 db 0
length equ $-text
