; The product of two matrices in memory, three loops deep.
; runs: status 69
        section .rodata
a:      dd 1, 2, 3, 4
b:      dd 5, 6, 7, 8
        section .bss
c:      resd 4
        section .text
        global _start
_start: xor r8d, r8d
.row:   xor r9d, r9d
.column:
        xor eax, eax
        xor r10d, r10d
.sum:   lea ecx, [r8*2 + r10]
        mov edx, [a + rcx*4]
        lea ecx, [r10*2 + r9]
        imul edx, [b + rcx*4]
        add eax, edx
        inc r10d
        cmp r10d, 2
        jb .sum
        lea ecx, [r8*2 + r9]
        mov [c + rcx*4], eax
        inc r9d
        cmp r9d, 2
        jb .column
        inc r8d
        cmp r8d, 2
        jb .row
        mov edi, [c]
        add edi, [c + 12]
        mov eax, 60
        syscall
