; format: elf32
; status: 9
; ld lets the kernel execute all memory of an i386 program, so it may begin among its data and jump to other data.
        global  _start
        section .data
_start: jmp     more
        section .numbers write
more:   mov     eax, 1
        mov     ebx, 9
        int     0x80
