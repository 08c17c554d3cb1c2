; runs: 6
; Room in .bss and in sections of one's own, and a pointer into it.
global  _start
section .bss
        resb 3
        alignb 8
pointer: resq 1
section .scratch nobits write align=16
block:  resb 100
section .data
aim:    dq block+6
section .text
_start: mov rdi, [aim]
        sub rdi, block
        add rdi, [pointer]
        mov eax, 60
        syscall
