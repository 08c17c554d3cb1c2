; needs: int80
; runs: stdout same

; `getpid` by both ways; source and target of the copy are set before the calls.
global _start
section .text
_start:
    mov eax, 39
    syscall
    mov r12d, eax
    mov rsi, text
    mov rdi, copy
    mov eax, 20
    int 0x80
    cmp eax, r12d
    jne .end
    mov ecx, 4
    rep movsb
.end:
    mov eax, 1
    mov edi, 1
    mov rsi, copy
    mov edx, 4
    syscall
    mov eax, 60
    xor edi, edi
    syscall
section .data
text: db "same"
section .bss
copy: resb 4
