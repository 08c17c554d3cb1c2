; runs: status 0

; Walks over arguments and environment to the auxiliary vector and looks for the page size.
AT_PAGESZ equ 6
global _start
section .text
_start:
    mov rsi, rsp
    lodsq
    lea rsi, [rsi+rax*8+8]
.environment:
    lodsq
    test rax, rax
    jnz .environment
.auxiliary:
    lodsq
    test rax, rax
    jz .missing
    mov rdx, rax
    lodsq
    cmp rdx, AT_PAGESZ
    jne .auxiliary
    test eax, 4095
    setnz dil
    movzx edi, dil
    jmp .exit
.missing:
    mov edi, 1
.exit:
    mov eax, 60
    syscall
