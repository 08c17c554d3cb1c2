; runs: stdout 1 2 3 5 8 9 \n

section .data
array: dq 5, 3, 9, 1, 8, 2
count equ ($-array)/8
out: db "0 "
newline: db 10

section .text
global _start
_start:
    mov rcx, count-1
outer:
    xor rsi, rsi
    mov rdx, rcx
inner:
    mov rax, [array+rsi*8]
    cmp rax, [array+rsi*8+8]
    jle no_swap
    xchg rax, [array+rsi*8+8]
    mov [array+rsi*8], rax
no_swap:
    inc rsi
    dec rdx
    jnz inner
    loop outer

    xor r12, r12
show:
    mov rax, [array+r12*8]
    add al, '0'
    mov [out], al
    mov rax, 1
    mov rdi, 1
    mov rsi, out
    mov rdx, 2
    syscall
    inc r12
    cmp r12, count
    jb show
    mov rax, 1
    mov rdi, 1
    mov rsi, newline
    mov rdx, 1
    syscall
    mov rax, 231
    xor rdi, rdi
    syscall
