; Parent and child with a pipe between them, 32 bits.
; format: elf32
; runs: stdout from the child\n
        section .data
text:   db "from the child", 10
length  equ $ - text
        section .bss
ends:   resd 2
room:   resb 64
        section .text
        global _start
_start: mov eax, 42
        mov ebx, ends
        int 0x80
        test eax, eax
        js fail
        mov eax, 2
        int 0x80
        test eax, eax
        js fail
        jz child
        mov eax, 3
        mov ebx, [ends]
        mov ecx, room
        mov edx, 64
        int 0x80
        mov edx, eax
        mov eax, 4
        mov ebx, 1
        mov ecx, room
        int 0x80
        xor ebx, ebx
exit:   mov eax, 1
        int 0x80
child:  mov eax, 4
        mov ebx, [ends + 4]
        mov ecx, text
        mov edx, length
        int 0x80
        xor ebx, ebx
        jmp exit
fail:   mov ebx, 1
        jmp exit
