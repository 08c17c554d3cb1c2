; format: elf32
; stdin: one\ntwo\n
; stdout: one\ntwo\n

        global  _start
        section .bss
buffer  resb    64
        section .text
_start  mov     eax, 3
        xor     ebx, ebx
        mov     ecx, buffer
        mov     edx, 64
        int     80h
        cmp     eax, 0
        jng     done
        mov     edx, eax
        mov     eax, 4
        mov     ebx, 1
        mov     ecx, buffer
        int     80h
        jmp     _start
done    mov     eax, 1
        xor     ebx, ebx
        int     80h
