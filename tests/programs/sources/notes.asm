; status: 77
; A loaded note is found through the program headers.

        global  _start
AT_PHDR equ     3
PT_NOTE equ     4

        section .note.mine note alloc noexec nowrite align=4
        dd      4, 4, 1
        db      "abc",0
        dd      77

        section .text
_start: mov     rdi,rsp
.skip:  add     rdi,8
        cmp     qword [rdi-8],0
        jne     .skip
.environment:
        add     rdi,8
        cmp     qword [rdi-8],0
        jne     .environment
.vector:
        cmp     qword [rdi],AT_PHDR
        je      .found
        add     rdi,16
        jmp     .vector
.found: mov     rbx,[rdi+8]
        mov     ecx,20
.header:
        cmp     dword [rbx],PT_NOTE
        je      .note
        add     rbx,56
        loop    .header
        mov     edi,1
        mov     eax,60
        syscall
.note:  mov     rsi,[rbx+16]
        mov     edi,[rsi+16]
        mov     eax,60
        syscall
