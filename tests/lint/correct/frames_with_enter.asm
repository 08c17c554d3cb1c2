; runs: status 21

; Local variables below the frame pointer, three functions deep.
global _start
section .text
triple:
    enter 16, 0
    mov [rbp-8], rdi
    mov rax, [rbp-8]
    add rax, rax
    mov [rbp-16], rax
    mov rax, [rbp-16]
    add rax, [rbp-8]
    leave
    ret
outer:
    push rbp
    mov rbp, rsp
    sub rsp, 32
    mov qword [rbp-24], 7
    mov rdi, [rbp-24]
    call triple
    mov [rbp-32], rax
    mov rax, [rbp-32]
    mov rsp, rbp
    pop rbp
    ret
_start:
    call outer
    mov edi, eax
    mov eax, 60
    syscall
