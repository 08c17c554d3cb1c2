; Instructions that are written as bytes, text behind a call that takes its address from the stack.
; runs: status 2

global _start
section .text
_start:
    call print
    db "Hello, World", 10, 0
    mov edi, 2
    db 0xb8, 60, 0, 0, 0
    db 0x0f, 0x05
print:
    pop rsi
    xor edx, edx
.count:
    inc edx
    cmp byte [rsi+rdx], 0
    jne .count
    lea rbx, [rsi+rdx+1]
    mov eax, 1
    mov edi, 1
    syscall
    jmp rbx
