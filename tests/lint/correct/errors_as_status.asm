; runs: status 2

; What cannot be opened ends the program with the number of the error.
global _start
section .rodata
name: db "/no/such/file", 0
section .text
_start:
    mov rdi, name
    xor esi, esi
    call open
    mov ebx, eax
    mov eax, 3
    mov edi, ebx
    syscall
    xor edi, edi
    jmp exit
open:
    mov eax, 2
    xor edx, edx
    syscall
    cmp rax, -4096
    ja .error
    ret
.error:
    neg eax
    mov edi, eax
exit:
    mov eax, 60
    syscall
