; runs: status 3

; The kind of file that /proc/self is, by a structure of which only one field is named.
global _start
struc stat
    resb 24
.mode: resd 1
    resb 116
endstruc
section .data
name: db "/proc", 0
section .bss
found: resb stat_size
section .text
_start:
    mov eax, 4                  ; stat
    mov rdi, name
    mov rsi, found
    syscall
    cmp rax, -4095
    jae .failed
    mov eax, [found+stat.mode]
    shr eax, 12
    cmp eax, 4
    jne .failed
    mov edi, 3
    jmp .end
.failed:
    neg eax
    mov edi, eax
.end:
    mov eax, 60
    syscall
