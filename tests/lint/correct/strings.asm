; runs: status 0

; strlen, strcmp, memcpy and memset on themselves.
global _start
section .text
_start:
    mov rdi, source
    call strlen
    cmp rax, 11
    jne wrong
    mov rdi, target
    mov rsi, source
    mov rcx, 12
    rep movsb
    mov rdi, source
    mov rsi, target
    call strcmp
    test eax, eax
    jnz wrong
    mov rdi, target
    mov al, 'x'
    mov ecx, 5
    rep stosb
    cmp byte [target+4], 'x'
    jne wrong
    cmp byte [target+5], ' '
    jne wrong
    xor edi, edi
    jmp exit
wrong:
    mov edi, 1
exit:
    mov eax, 60
    syscall

strlen:
    xor eax, eax
.next:
    cmp byte [rdi+rax], 0
    je .end
    inc rax
    jmp .next
.end:
    ret

strcmp:
.next:
    mov al, [rdi]
    mov dl, [rsi]
    cmp al, dl
    jne .differ
    test al, al
    jz .same
    inc rdi
    inc rsi
    jmp .next
.differ:
    movzx eax, al
    movzx edx, dl
    sub eax, edx
    ret
.same:
    xor eax, eax
    ret

section .data
source: db "hello there", 0
section .bss
target: resb 32
