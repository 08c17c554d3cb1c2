; runs: status 6

; The number of the call that makes the page writable comes from a table.
global _start
section .text
_start:
    mov rdi, value
    and rdi, -4096
    mov esi, 4096
    mov edx, 7
    mov rax, [numbers]
    syscall
    inc dword [value]
    mov edi, [value]
    mov eax, 60
    syscall
section .data
numbers: dq 10
section .rodata
value: dd 5
