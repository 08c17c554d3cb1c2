; Pointers that are kept in memory: one from the start, one that the program stores, one in a buffer.
; runs: status 6

global _start
section .text
_start:
    mov eax, 1
    mov edi, 1
    mov rsi, [fixed]
    mov edx, len
    syscall
    mov qword [later], msg
    mov eax, 1
    mov edi, 1
    mov rsi, [later]
    mov edx, len
    syscall
    mov rbx, table
    mov qword [rbx], msg
    mov eax, 1
    mov edi, 1
    mov rsi, [table]
    mov edx, len
    syscall
    mov edi, eax
    mov eax, 60
    syscall
section .data
msg: db "hello", 10
len equ $-msg
fixed: dq msg
later: db "nothing yet"
section .bss
table: resq 4
