; format: elf32
; tables: the linker relaxes more, and orders the table otherwise
; status: 31
; Position-independent code of i386: a register points at the global offset table.

        extern  _GLOBAL_OFFSET_TABLE_
        extern  missing:weak
        global  _start, ours, add_one

        section .data
ours:   dd      5
near_by: dd     7
apart:  dd      ours wrt ..gotoff
entry:  dd      ours wrt ..got

        section .text
        nop
_start: call    .here
.here:  pop     ebx
        add     ebx,_GLOBAL_OFFSET_TABLE_+$$-.here wrt ..gotpc
        mov     eax,[ebx+ours wrt ..got]
        mov     ecx,[eax]
        cmp     eax,[ebx+ours wrt ..got]
        jne     wrong
        ; Without a register it is the entry itself.
        cmp     eax,[ours wrt ..got]
        jne     wrong
        lea     edx,[ebx+near_by wrt ..gotoff]
        add     ecx,[edx]
        mov     edx,[apart]
        add     ecx,[edx+ebx]
        mov     edx,[entry]
        mov     edx,[edx+ebx]
        add     ecx,[edx]
        call    add_one wrt ..plt
        mov     edx,[ebx+add_one wrt ..got]
        call    edx
        cmp     dword [ebx+missing wrt ..got],0
        jne     wrong
        lea     ebx,[ecx+7]
        mov     eax,1
        int     0x80
wrong:  mov     ebx,1
        mov     eax,1
        int     0x80

        section .text.more exec
add_one:
        inc     ecx
        ret
