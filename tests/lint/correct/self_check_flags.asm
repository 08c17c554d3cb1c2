; runs: status 0

; Every way out is a conditional jump; together they cover all cases.
global _start
section .text
quit:
    mov eax, 60
    syscall
zero:
    xor edi, edi
    jz quit
other:
    mov edi, 3
    test edi, edi
    jnz quit
_start:
    mov eax, 39
    syscall
    cmp eax, 1
    jb other
    je zero
    ja zero
