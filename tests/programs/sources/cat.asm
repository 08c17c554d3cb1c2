; Standard input to standard output, to the end, with short writes looked after.
; stdin: some\nlines\nwithout an end
; stdout: some\nlines\nwithout an end

SYS_READ  equ 0
SYS_WRITE equ 1
SYS_EXIT  equ 60

        section .bss
buffer: resb    4096
.size   equ     $ - buffer

        section .text
        global  _start
_start:
.read:  mov     eax, SYS_READ
        xor     edi, edi
        mov     rsi, buffer
        mov     edx, buffer.size
        syscall
        test    rax, rax
        jle     .end
        mov     rbx, rax
        mov     r12, buffer
.write: mov     eax, SYS_WRITE
        mov     edi, 1
        mov     rsi, r12
        mov     rdx, rbx
        syscall
        test    rax, rax
        js      .fail
        add     r12, rax
        sub     rbx, rax
        jnz     .write
        jmp     .read
.end:   mov     edi, eax
        neg     edi
.exit:  mov     eax, SYS_EXIT
        syscall
.fail:  mov     edi, 1
        jmp     .exit
