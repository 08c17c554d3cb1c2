; format: elf32
; status: 5
; The only variable is a byte and is read as a dword.
        global  _start
        section .data
variable:
        db      5
        section .text
_start: mov     ebx, [variable]
        cmp     ebx, 5
        je      .same
        mov     bl, 1
.same:  mov     eax, 1
        int     0x80
