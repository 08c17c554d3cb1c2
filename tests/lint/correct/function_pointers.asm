; runs: status 12

global _start
section .text
_start:
    mov rbx, functions
    mov edi, 3
.next:
    mov rax, [rbx]
    test rax, rax
    jz .end
    call rax
    mov edi, eax
    add rbx, 8
    jmp .next
.end:
    mov eax, 60
    syscall
double:
    lea eax, [rdi*2]
    ret
square_less:
    mov eax, edi
    add eax, edi
    ret
section .data
functions: dq double, square_less, 0
