; runs: stdout one, two\n

global _start
section .rodata
first:  db "one"
between: db ", "
last:   db "two", 10
end:
section .data
align 8
vectors: dq first, between-first, between, last-between, last, end-last
count equ ($-vectors)/16
section .text
_start:
    mov eax, 20                 ; writev
    mov edi, 1
    lea rsi, [rel vectors]
    mov edx, count
    syscall
    sub eax, end-first
    mov edi, eax
    mov eax, 60
    syscall
