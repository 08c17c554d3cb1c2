; System calls as functions in the C way: arguments in registers, errors negative.
; runs: stdout ok\n
        section .rodata
text:   db "ok", 10
        section .text
        global _start
write:  mov eax, 1
        jmp invoke
exit:   mov eax, 60
invoke: mov r10, rcx
        syscall
        cmp rax, -4095
        jae .failed
        ret
.failed:
        neg eax
        mov [rel errno], eax
        mov rax, -1
        ret
_start: mov edi, 1
        lea rsi, [rel text]
        mov edx, 3
        call write
        cmp rax, 3
        setne dil
        movzx edi, dil
        call exit
        section .bss
errno:  resd 1
