; runs: status 3

; The stack is moved into .bss, and functions run on it.
global _start
section .text
_start:
    mov rsp, stack.top
    mov rbp, rsp
    push qword 1
    push qword 2
    call add_both
    add rsp, 16
    mov edi, eax
    mov eax, 60
    syscall
add_both:
    push rbp
    mov rbp, rsp
    and rsp, -16
    mov rax, [rbp+16]
    add rax, [rbp+24]
    leave
    ret
section .bss
alignb 16
stack: resb 1024
.top:
