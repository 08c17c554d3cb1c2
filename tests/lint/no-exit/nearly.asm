; The last instruction is a call of a function that never returns; both ways of the comparison jump; and behind a
; call whose number comes from memory nothing is certain.
; runs: status 3

global _start
section .text
_start:
    mov ebx, 3
    cmp ebx, 4
    jl small
    jge large
large:
    mov rax, [number]
    syscall
small:
    mov edi, ebx
    call quit
quit:
    mov eax, 60
    syscall
section .data
number: dq 39
