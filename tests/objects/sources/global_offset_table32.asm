; format: elf32
; runs: 14
; The register that points at the table, offsets in it and from it.
extern  _GLOBAL_OFFSET_TABLE_
global  _start, value:data 4, more:function
section .text
_start: call .here
.here:  pop ebx
        add ebx, _GLOBAL_OFFSET_TABLE_+$$-.here wrt ..gotpc
        mov eax, [ebx+value wrt ..got]
        mov ecx, [eax]
        lea edx, [ebx+near_by wrt ..gotoff]
        add ecx, [edx]
        call more wrt ..plt
        mov ebx, ecx
        mov eax, 1
        int 0x80
section .text.more exec
more:   inc ecx
        ret
section .data
value:  dd 5
near_by: dd 8
