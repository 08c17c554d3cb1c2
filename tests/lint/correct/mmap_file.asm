; A file mapped into memory and compared with the magic number: itself.
; runs: status 0
        section .rodata
self:   db "/proc/self/exe", 0
        section .text
        global _start
_start: mov eax, 2
        mov edi, self
        xor esi, esi
        syscall
        mov r8, rax
        xor edi, edi
        mov esi, 4096
        mov edx, 1
        mov r10d, 2
        xor r9d, r9d
        mov eax, 9
        syscall
        cmp rax, -4095
        jae .fail
        xor edi, edi
        cmp dword [rax], 0x464c457f
        je .exit
.fail:  mov edi, 1
.exit:  mov eax, 60
        syscall
