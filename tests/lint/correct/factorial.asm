; runs: stdout 120\n

global _start
section .text
_start:
    mov rdi, 5
    call factorial
    mov rdi, rax
    call print_number
    jmp exit

factorial:                      ; rdi -> rax
    push rbp
    mov rbp, rsp
    sub rsp, 16
    mov [rbp-8], rdi
    cmp rdi, 1
    jg .more
    mov rax, 1
    jmp .end
.more:
    dec rdi
    call factorial
    imul rax, [rbp-8]
.end:
    mov rsp, rbp
    pop rbp
    ret

print_number:                   ; rdi
    push rbp
    mov rbp, rsp
    sub rsp, 32
    mov rax, rdi
    lea rsi, [rbp-1]
    mov byte [rsi], 10
    mov ecx, 10
.digit:
    xor edx, edx
    div rcx
    add dl, '0'
    dec rsi
    mov [rsi], dl
    test rax, rax
    jnz .digit
    mov rdx, rbp
    sub rdx, rsi
    mov eax, 1
    mov edi, 1
    syscall
    leave
    ret

exit:
    mov rax, 60
    mov rdi, 0
    syscall
