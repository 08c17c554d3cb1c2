; format: elf32
; runs: 2
; The same with four-byte addresses.
global  _start
section .rodata
table:  dd zero, one, two
section .text
_start: mov ecx, 2
        jmp [table+ecx*4]
zero:   xor ebx, ebx
        jmp end
one:    mov ebx, 1
        jmp end
two:    mov ebx, 2
end:    mov eax, 1
        int 0x80
