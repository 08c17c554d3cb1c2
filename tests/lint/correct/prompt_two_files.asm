; Output and errors; the status of a failure is that of the last call.
; runs: status 2

global _start
section .text
_start:
    mov eax, 2
    mov rdi, path
    xor esi, esi
    xor edx, edx
    syscall
    cmp rax, -4095
    jb .opened
    neg rax
    mov r15, rax
    mov eax, 1
    mov edi, 2
    mov rsi, complaint
    mov edx, complaint_size
    syscall
    mov rdi, r15
    mov eax, 60
    syscall
.opened:
    mov eax, 60
    mov edi, 0
    syscall
section .rodata
path: db "/nowhere/nothing", 0
complaint: db "cannot open it", 10
complaint_size equ $-complaint
