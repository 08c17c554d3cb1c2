; args: 12 30 1
; runs: status 43

; The numbers among the arguments, added; what is no digit ends a number.
global _start
section .text
_start:
    pop rcx                     ; argc
    pop rax                     ; the program's name
    xor r12d, r12d
    dec rcx
    jz .done
.next:
    pop rsi
    call number
    add r12, rax
    dec rcx
    jnz .next
.done:
    mov rdi, r12
    mov eax, 60
    syscall
number:
    xor eax, eax
.digit:
    movzx edx, byte [rsi]
    sub edx, '0'
    cmp edx, 9
    ja .end
    lea rax, [rax+rax*4]
    lea rax, [rdx+rax*2]
    inc rsi
    jmp .digit
.end:
    ret
