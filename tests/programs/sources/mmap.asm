; Six arguments: a page from mmap, filled, written out, unmapped.
; stdout: ABCDEFGHIJKLMNOPQRSTUVWXYZ

PROT_READ       equ 1
PROT_WRITE      equ 2
MAP_PRIVATE     equ 2
MAP_ANONYMOUS   equ 20h
PAGE            equ 1 << 12

        section .text
        global  _start
_start: mov     eax, 9
        xor     edi, edi
        mov     esi, PAGE
        mov     edx, PROT_READ | PROT_WRITE
        mov     r10d, MAP_PRIVATE | MAP_ANONYMOUS
        mov     r8, -1
        xor     r9d, r9d
        syscall
        cmp     rax, -4096
        ja      fail
        mov     rbx, rax
        mov     ecx, 'Z' - 'A' + 1
.fill:  lea     edx, [rcx + 'A' - 1]
        mov     [rbx + rcx - 1], dl
        loop    .fill
        mov     eax, 1
        mov     edi, 1
        mov     rsi, rbx
        mov     edx, 26
        syscall
        mov     eax, 11
        mov     rdi, rbx
        mov     esi, PAGE
        syscall
        mov     edi, eax
exit:   mov     eax, 60
        syscall
fail:   neg     eax
        mov     edi, eax
        jmp     exit
