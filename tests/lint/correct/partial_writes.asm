; runs: stdout all of it\n

; A write may take less than it was given: what is left is written again.
global _start
section .data
text: db "all of it", 10
.end:
section .text
_start:
    mov rsi, text
    mov edx, text.end-text
    call write_all
    mov edi, eax
    mov eax, 60
    syscall
write_all:
    test rdx, rdx
    jz .done
    push rsi
    push rdx
    mov edi, 1
    mov eax, 1
    syscall
    pop rdx
    pop rsi
    test rax, rax
    jle .failed
    add rsi, rax
    sub rdx, rax
    jmp write_all
.done:
    xor eax, eax
    ret
.failed:
    mov eax, 1
    ret
