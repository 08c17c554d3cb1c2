; A program for the C library, position independent.
        default rel
        global  main
        extern  printf, exit, stdout, fflush
        section .rodata
format: db      "%d %s", 10, 0
name:   db      "items", 0
        section .data
        align   8
table:  dq      main, format, name
        section .text
main:   push    rbp
        mov     rbp, rsp
        sub     rsp, 32
        lea     rdi, [format]
        mov     esi, 3
        lea     rdx, [name]
        xor     eax, eax
        call    printf wrt ..plt
        mov     rdi, [rel stdout wrt ..got]
        mov     rdi, [rdi]
        call    fflush wrt ..plt
        mov     rax, [table]
        cmp     rax, 0
        je      .fail
        xor     eax, eax
        leave
        ret
.fail:  mov     edi, 1
        jmp     exit wrt ..plt
        section .note.GNU-stack noalloc noexec nowrite progbits
