; The towers of Hanoi, counted by recursion with a frame.
; runs: status 127
        section .text
        global _start
hanoi:  push rbp
        mov rbp, rsp
        sub rsp, 16
        mov [rbp - 8], rdi
        xor eax, eax
        test rdi, rdi
        jz .done
        dec rdi
        call hanoi
        mov [rbp - 16], rax
        mov rdi, [rbp - 8]
        dec rdi
        call hanoi
        add rax, [rbp - 16]
        inc rax
.done:  leave
        ret
_start: mov edi, 7
        call hanoi
        mov edi, eax
        mov eax, 60
        syscall
