; format: elf32
; args: one two
; stdout: one\ntwo\n
; status: 3

global _start
section .text
_start:
        pop     esi                     ; argc
        mov     ebp, esi
        pop     eax                     ; argv[0]
.next:
        dec     esi
        jz      .done
        pop     ecx
        mov     edi, ecx
        xor     eax, eax
        or      ecx, -1
        cld
        push    edi
        repne   scasb
        pop     ecx
        mov     byte [edi - 1], 0ah
        sub     edi, ecx
        mov     edx, edi
        mov     ebx, 1
        mov     eax, 4
        int     0x80
        jmp     short .next
.done:
        mov     ebx, ebp
        mov     eax, 1
        int     0x80
