; format: elf32
; Addends stand in the field: there are no others in ELF32.
extern e
section .data
        dd e+0x7fffffff, e-0x80000000, e+0xffffffff
        dw e+0x1234
        db e+5
section .text
        mov eax, [e+0x7fffffff]
        jmp e-8
