; format: elf32
; runs: status 61

; Arguments on the stack, deep recursion.
global _start
section .text
_start:
    push 3
    push 3
    call ackermann
    add esp, 8
    mov ebx, eax
    xor eax, eax
    inc eax
    int 0x80
ackermann:                      ; (m, n)
    push ebp
    mov ebp, esp
    mov eax, [ebp+8]
    mov edx, [ebp+12]
    test eax, eax
    jnz .m
    lea eax, [edx+1]
    jmp .out
.m: test edx, edx
    jnz .both
    dec eax
    push 1
    push eax
    call ackermann
    jmp .clear
.both:
    dec edx
    push edx
    push eax
    call ackermann
    add esp, 8
    mov edx, [ebp+8]
    dec edx
    push eax
    push edx
    call ackermann
.clear:
    add esp, 8
.out:
    pop ebp
    ret
