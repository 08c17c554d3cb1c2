; stdin: a\nb\nc\n
; runs: status 3

default rel
global _start
section .text
_start:
    xor r14d, r14d
read_more:
    xor eax, eax
    xor edi, edi
    lea rsi, [buffer]
    mov edx, buffer_size
    syscall
    test rax, rax
    jle finished
    mov rcx, rax
    lea rdi, [buffer]
    mov al, 10
scan:
    repne scasb
    jne read_more
    inc r14d
    test rcx, rcx
    jnz scan
    jmp read_more
finished:
    mov eax, 60
    mov edi, r14d
    syscall
section .bss
buffer_size equ 65536
buffer: resb buffer_size
