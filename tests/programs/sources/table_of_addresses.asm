; with: table_of_addresses_part.inc
; tables: the linker relaxes more, and orders the table otherwise
; status: 77
; Addresses through the global offset table: of this file, of another, of common and of missing symbols.

        extern  _GLOBAL_OFFSET_TABLE_, theirs, add_seven
        extern  missing:weak
        common  room 16:8
        global  _start, ours

        section .data
ours:   dq      5
apart:  dq      ours wrt ..gotoff
entry:  dd      ours wrt ..got

        section .text
        nop
_start: lea     rbx,[rel _GLOBAL_OFFSET_TABLE_]
        lea     rcx,[rel ours]
        mov     rax,[rel ours wrt ..got]
        cmp     rax,rcx
        jne     wrong
        cmp     rax,[rel ours wrt ..got]
        jne     wrong
        cmp     rax,[rbx+ours wrt ..got]
        jne     wrong
        mov     edi,[rax]
        mov     rax,[rel apart]
        add     edi,[rax+rbx]
        movsxd  rax,[rel entry]
        mov     rax,[rax+rbx]
        add     edi,[rax]
        mov     rax,theirs wrt ..gotoff
        add     edi,[rax+rbx]
        push    qword [rel theirs wrt ..gotpc]
        pop     rax
        add     edi,[rax]
        call    add_seven wrt ..plt
        call    [rel add_seven wrt ..got]
        cmp     qword [rel missing wrt ..got],0
        jne     wrong
        mov     rax,[rel room wrt ..got]
        mov     dword [rax],8
        mov     rax,[rel room wrt ..got]
        add     edi,[rax]
        call    .here
.here:  pop     rax
        add     rax,_GLOBAL_OFFSET_TABLE_+$$-.here wrt ..gotpc
        cmp     rax,rbx
        jne     wrong
        mov     eax,60
        syscall
wrong:  mov     edi,1
        mov     eax,60
        syscall
