; format: elf32
; stdout: no label\n

SECTION .data
text:   DB      "no label", 0AH
size    EQU     $-text
SECTION .bss
SECTION .text
        GLOBAL  _start
        mov     eax, 4
        mov     ebx, 1
        mov     ecx, text
        mov     edx, size
        int     80H
        mov     eax, 1
        xor     ebx, ebx
        int     80H
