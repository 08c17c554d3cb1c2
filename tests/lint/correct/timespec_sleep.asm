; Sleeps a moment and measures that it did.
; runs: status 0
        section .data
moment: dq 0, 2000000
        section .bss
before: resq 2
after:  resq 2
        section .text
        global _start
clock:  mov eax, 228
        mov edi, 1
        syscall
        ret
_start: mov rsi, before
        call clock
        mov eax, 35
        mov rdi, moment
        xor esi, esi
        syscall
        mov rsi, after
        call clock
        mov rax, [after]
        sub rax, [before]
        imul rax, rax, 1000000000
        add rax, [after + 8]
        sub rax, [before + 8]
        cmp rax, 2000000
        setl dil
        movzx edi, dil
        mov eax, 60
        syscall
