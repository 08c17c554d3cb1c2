; format: elf32
; stdout: mapped\n

        global _start
        section .data
message db 'mapped', 0xA
length  equ $ - message
        section .text
_start:
        mov     eax, 192                ; mmap2
        sub     ebx, ebx
        mov     ecx, 4096
        mov     edx, 3
        mov     esi, 22h
        mov     edi, -1
        sub     ebp, ebp
        int     80h
        test    eax, eax
        jz      .bad
        cmp     eax, 0fffff000h
        jae     .bad
        mov     edi, eax
        push    eax
        mov     esi, message
        mov     ecx, length
        rep     movsb
        pop     ecx
        mov     eax, 4
        mov     ebx, 1
        mov     edx, length
        int     80h
        xor     ebx, ebx
.out:   xor     eax, eax
        inc     eax
        int     80h
.bad:   mov     ebx, 1
        jmp     .out
