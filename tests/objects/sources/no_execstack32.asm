; format: elf32
; runs: 0
; The same in ELF32.
global  _start
section .text
_start: mov eax, 1
        xor ebx, ebx
        int 0x80
section .note.GNU-stack noalloc noexec nowrite progbits
