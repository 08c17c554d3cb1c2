; runs: status 6

; Two stacks, and a switch that returns on the other one.
global _start
section .text
_start:
    mov rax, stack_end - 8
    mov qword [rax], worker
    mov [other], rax
    xor ebx, ebx
    call switch
    inc ebx
    call switch
    inc ebx
    mov edi, ebx
    mov eax, 60
    syscall
worker:
    add ebx, 2
    call switch
    add ebx, 2
    call switch
    jmp worker
switch:
    mov rax, rsp
    mov rsp, [other]
    mov [other], rax
    ret
section .bss
other: resq 1
       resb 1024
stack_end:
