; stdin: a\n
; runs: stdout a\\n

; Shows newlines as a backslash and an n, as programs that quote text do.
global _start
section .text
_start:
    mov eax, 0
    xor edi, edi
    mov rsi, buffer
    mov edx, 1
    syscall
    cmp eax, 1
    jne .end
    mov rsi, buffer
    mov edx, 1
    cmp byte [rsi], 10
    jne .plain
    mov rsi, newline
    mov edx, 2
.plain:
    mov eax, 1
    mov edi, 1
    syscall
    jmp _start
.end:
    mov eax, 60
    xor edi, edi
    syscall
section .rodata
newline: db '\n'
help:    db "quotes text", 10
section .bss
buffer:  resb 1
