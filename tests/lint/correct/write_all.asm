; Writes until all is written, and waits no longer than needed.
; runs: stdout a line that is written whole\n
        section .data
text:   db "a line that is written whole", 10
.end:
        section .text
        global _start
_start: lea r12, [rel text]
        mov r13d, text.end - text
.more:  mov eax, 1
        mov edi, 1
        mov rsi, r12
        mov rdx, r13
        syscall
        test rax, rax
        js .error
        add r12, rax
        sub r13, rax
        jnz .more
        xor edi, edi
        jmp .exit
.error: cmp rax, -4
        je .more
        mov edi, 1
.exit:  mov eax, 60
        syscall
