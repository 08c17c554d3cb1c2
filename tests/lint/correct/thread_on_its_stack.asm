; runs: status 42

; The new stack begins with the address of the function, so that the thread returns into it.
CLONE_FLAGS equ 0x100|0x200|0x400|0x800|0x10000
global _start
section .text
_start:
    mov rdi, work
    call spawn
.wait:
    pause
    mov edi, [result]
    test edi, edi
    jz .wait
    mov eax, 231
    syscall

spawn:
    lea rsi, [rel stack.top-8]
    mov [rsi], rdi
    mov edi, CLONE_FLAGS
    mov eax, 56
    syscall
    ret

work:
    mov dword [rel result], 42
    xor edi, edi
    mov eax, 60
    syscall

section .bss
result: resd 1
alignb 16
stack: resb 4096
.top:
