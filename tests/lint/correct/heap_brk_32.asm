; Memory from brk, 32 bits: asked for, used, and given back.
; format: elf32
; runs: status 99
        section .text
        global _start
_start: mov eax, 45
        xor ebx, ebx
        int 0x80
        mov esi, eax
        lea ebx, [eax + 4096]
        mov eax, 45
        int 0x80
        cmp eax, esi
        je .fail
        mov byte [esi], 99
        movzx edi, byte [esi]
        mov ebx, esi
        mov eax, 45
        int 0x80
        mov ebx, edi
        jmp .exit
.fail:  mov ebx, 1
.exit:  mov eax, 1
        int 0x80
