; format: elf32
; status: 9
; Without a note about the stack, an i386 program may execute its data.
        global  _start
        section .data
code:   mov     eax, 1
        mov     ebx, 9
        int     0x80
        section .text
_start: jmp     code
