; stdin: Ada\n
; runs: stdout What is your name? Hello, Ada\n

section .data
    question db "What is your name? "
    question_len equ $ - question
    greeting db "Hello, "
    greeting_len equ $ - greeting

section .bss
    name resb 16
    name_len resq 1

section .text
    global _start

_start:
    call _ask
    call _read
    call _greet
    call _print_name

    mov rax, 60
    mov rdi, 0
    syscall

_read:
    mov rax, 0
    mov rdi, 0
    mov rsi, name
    mov rdx, 16
    syscall
    mov [name_len], rax
    ret

_ask:
    mov rax, 1
    mov rdi, 1
    mov rsi, question
    mov rdx, question_len
    syscall
    ret

_greet:
    mov rax, 1
    mov rdi, 1
    mov rsi, greeting
    mov rdx, greeting_len
    syscall
    ret

_print_name:
    mov rax, 1
    mov rdi, 1
    mov rsi, name
    mov rdx, [name_len]
    syscall
    ret
