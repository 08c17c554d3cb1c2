; runs: status 35

; A machine of five operations, each reached through a table.
global _start
section .rodata
program: db 1, 5, 1, 7, 3, 0    ; push 5, push 7, multiply, end
align 8
operations: dq op_end, op_push, op_add, op_multiply, op_drop
section .text
_start:
    mov rsi, program
next:
    movzx eax, byte [rsi]
    inc rsi
    cmp eax, 4
    ja op_end
    jmp [operations+rax*8]
op_push:
    movzx eax, byte [rsi]
    inc rsi
    push rax
    jmp next
op_add:
    pop rax
    add [rsp], rax
    jmp next
op_multiply:
    pop rax
    pop rcx
    imul rax, rcx
    push rax
    jmp next
op_drop:
    pop rax
    jmp next
op_end:
    pop rdi
    mov eax, 60
    syscall
