1           section .text
2   _start: mov     eax, 60
3           xor     edi, edi
4           syscall
