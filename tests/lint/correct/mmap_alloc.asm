; runs: status 99

global _start
section .text
_start:
    mov eax, 9
    xor edi, edi
    mov esi, 4096
    mov edx, 3
    mov r10d, 0x22
    mov r8, -1
    xor r9d, r9d
    syscall
    cmp rax, -4095
    jae .failed
    mov [heap], rax
    mov byte [rax+100], 99
    mov rbx, [heap]
    movzx r12d, byte [rbx+100]
    mov eax, 11
    mov rdi, [heap]
    mov esi, 4096
    syscall
    mov edi, r12d
    mov eax, 60
    syscall
.failed:
    neg eax
    mov edi, eax
    mov eax, 60
    syscall
section .bss
heap: resq 1
