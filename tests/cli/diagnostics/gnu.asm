.intel_syntax noprefix
.globl _start
.text
_start:
    mov eax, 60
    xor edi, edi
    syscall
.section .rodata
msg: .ascii "hi\n"
