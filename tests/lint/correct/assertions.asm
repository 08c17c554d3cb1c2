; runs: status 0

; Impossible cases end in instructions that stop the process.
global _start
section .text
_start:
    mov eax, 20
    xor edx, edx
    mov ebx, 7
    div ebx
    cmp edx, 6
    jne .impossible
    cmp eax, 2
    jne .also_impossible
    mov eax, 60
    xor edi, edi
    syscall
.impossible:
    hlt
.also_impossible:
    int3
    jmp .also_impossible
