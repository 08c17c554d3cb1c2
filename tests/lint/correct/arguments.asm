; args: one two
; runs: stdout one\ntwo\n

global _start
section .text
_start:
    pop r12                     ; argc
    pop rsi                     ; argv[0]
    dec r12
    jz .done
.next:
    pop rdi
    call puts
    dec r12
    jnz .next
.done:
    xor edi, edi
    mov eax, 60
    syscall

puts:
    mov rsi, rdi
    xor ecx, ecx
    not rcx
    xor al, al
    cld
    repne scasb
    not rcx
    lea rdx, [rcx-1]
    mov eax, 1
    mov edi, 1
    syscall
    mov eax, 1
    mov edi, 1
    lea rsi, [rel newline]
    mov edx, 1
    syscall
    ret

section .rodata
newline: db 10
