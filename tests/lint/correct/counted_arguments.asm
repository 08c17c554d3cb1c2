; runs: status 60

; As many arguments as the first one says, on the stack; the caller takes them off.
global _start
section .text
sum:
    mov rcx, [rsp+8]
    lea rdx, [rsp+16]
    xor eax, eax
    jrcxz .end
.add:
    add rax, [rdx]
    add rdx, 8
    loop .add
.end:
    ret
_start:
    push 30
    push 20
    push 10
    push 3
    call sum
    add rsp, 4*8
    mov rdi, rax
    mov eax, 60
    syscall
