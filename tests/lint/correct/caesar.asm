; stdin: Hello, zebra!\n
; runs: stdout Uryyb, mroen!\n

global _start
section .bss
char: resb 1
section .text
_start:
.next:
    xor eax, eax
    xor edi, edi
    mov rsi, char
    mov edx, 1
    syscall
    cmp rax, 1
    jne .end
    mov al, [char]
    mov bl, al
    or bl, 0x20
    sub bl, 'a'
    cmp bl, 26
    jae .out
    cmp bl, 13
    jb .add
    sub al, 13
    jmp .out
.add:
    add al, 13
.out:
    mov [char], al
    mov eax, 1
    mov edi, 1
    mov rsi, char
    mov edx, 1
    syscall
    jmp .next
.end:
    mov eax, 60
    xor edi, edi
    syscall
