; runs: status 42

; A thread that shares memory and has its own stack; the first one waits for it.
CLONE_FLAGS equ 0x100|0x200|0x400|0x800|0x10000
global _start
section .text
_start:
    mov eax, 56
    mov edi, CLONE_FLAGS
    mov rsi, stack.top
    xor edx, edx
    xor r10d, r10d
    xor r8d, r8d
    syscall
    test eax, eax
    jz thread
.wait:
    pause
    cmp dword [done], 0
    je .wait
    mov edi, [done]
    mov eax, 231
    syscall
thread:
    mov dword [done], 42
    mov eax, 60
    xor edi, edi
    syscall
section .bss
done: resd 1
alignb 16
stack: resb 4096
.top:
