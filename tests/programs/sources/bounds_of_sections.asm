; with: bounds_of_sections_part.inc
; tables: bounds of what is empty, and the start of the file, lie elsewhere
; status: 95
; Where sections begin and end, and the arrays of functions.

        extern  __start_numbers, __stop_numbers, __start_more, __stop_more
        extern  __preinit_array_start, __preinit_array_end, __init_array_start, __init_array_end
        extern  __fini_array_start, __fini_array_end, __ehdr_start
        global  _start

        section numbers alloc
        dd      1, 2, 3

        section more alloc write
        db      9

        section .init_array
        dq      first, second

        section .fini_array
        dq      first

        section .text
first:  add     edi,3
        ret
second: shl     edi,1
        ret
_start: xor     edi,edi
        mov     ebx,__start_numbers
.sum:   add     edi,[rbx]
        add     ebx,4
        cmp     ebx,__stop_numbers
        jb      .sum
        mov     ebx,__init_array_start
.call:  call    [rbx]
        add     ebx,8
        cmp     ebx,__init_array_end
        jb      .call
        mov     eax,__fini_array_end
        sub     eax,__fini_array_start
        add     edi,eax
        mov     eax,__preinit_array_end
        sub     eax,__preinit_array_start
        add     edi,eax
        mov     eax,__stop_more
        sub     eax,__start_more
        add     edi,eax
        cmp     dword [__ehdr_start],0x464c457f
        jne     .end
        add     edi,7
.end:   mov     eax,60
        syscall
