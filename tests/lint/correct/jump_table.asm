; runs: status 30

global _start
section .text
_start:
    mov ebx, 2
    cmp ebx, (table_end - table) / 8
    jae bad
    jmp [table + rbx*8]
ten:
    mov edi, 10
    jmp leave_now
twenty:
    mov edi, 20
    jmp leave_now
thirty:
    mov edi, 30
leave_now:
    mov eax, 60
    syscall
bad:
    ud2
section .rodata
align 8
table: dq ten, twenty, thirty
table_end:
