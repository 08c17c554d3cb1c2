; runs: stdout hi\n

global _start
section .text
_start:
    push 0x0a6968
    push 1
    pop rdi
    push rsp
    pop rsi
    push 3
    pop rdx
    push 1
    pop rax
    syscall
    push 60
    pop rax
    xor edi, edi
    syscall
