.globl _start
_start:
    movl $60, %eax
    xorl %edi, %edi
    syscall
