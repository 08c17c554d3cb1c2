; A switch whose table holds distances, as compilers write it.
; runs: status 30
        section .rodata
table:  dd zero - table, ten - table, twenty - table, thirty - table
        section .text
        global _start
_start: mov ecx, 3
        lea rdx, [rel table]
        movsxd rax, dword [rdx + rcx*4]
        add rax, rdx
        jmp rax
zero:   xor edi, edi
        jmp done
ten:    mov edi, 10
        jmp done
twenty: mov edi, 20
        jmp done
thirty: mov edi, 30
done:   mov eax, 60
        syscall
