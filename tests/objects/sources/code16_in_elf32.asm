; format: elf32
; 16-bit code in a 32-bit object, as boot loaders have it.
bits 16
extern  e
section .text
        mov ax, e
        mov si, here
        jmp e
        jmp dword e
        call 0x1234:here
        jmp short here
here:   mov eax, here
        lgdt [here]
        loop here
bits 32
        jmp here
