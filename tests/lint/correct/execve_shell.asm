; runs: stdout hello\n

; Nothing stands behind the call: it returns only if it fails.
global _start
section .text
_start:
    xor edx, edx
    push rdx
    lea rax, [rel command]
    push rax
    lea rax, [rel option]
    push rax
    lea rax, [rel shell]
    push rax
    mov rdi, rax
    mov rsi, rsp
    mov eax, 59
    syscall
section .rodata
shell:   db "/bin/sh", 0
option:  db "-c", 0
command: db "echo hello", 0
