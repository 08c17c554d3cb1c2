; stdin: some text\nand more\n
; runs: stdout some text\nand more\n

SYS_READ  equ 0
SYS_WRITE equ 1
SYS_EXIT  equ 60
BUFSIZE   equ 4096

section .bss
buffer: resb BUFSIZE

section .text
global _start
_start:
.read:
    mov eax, SYS_READ
    xor edi, edi
    mov rsi, buffer
    mov edx, BUFSIZE
    syscall
    test rax, rax
    js .error
    jz .end
    mov rdx, rax
    mov rsi, buffer
.write:
    mov eax, SYS_WRITE
    mov edi, 1
    syscall
    test rax, rax
    js .error
    add rsi, rax
    sub rdx, rax
    jnz .write
    jmp .read
.error:
    neg eax
    mov edi, eax
    mov eax, SYS_EXIT
    syscall
.end:
    xor edi, edi
    mov eax, SYS_EXIT
    syscall
