; format: elf32
; runs: status 77

; The old mmap takes the address of its six arguments.
global _start
section .data
arguments: dd 0, 4096, 3, 0x22, -1, 0
section .text
_start:
    mov eax, 90
    mov ebx, arguments
    int 0x80
    cmp eax, 0xfffff000
    ja failed
    mov esi, eax
    mov dword [esi+100], 70
    add dword [esi+100], 7
    mov edi, [esi+100]
    mov eax, 91                 ; munmap
    mov ebx, esi
    mov ecx, 4096
    int 0x80
    test eax, eax
    jnz failed
    mov ebx, edi
    jmp leave_now
failed:
    mov ebx, 1
leave_now:
    mov eax, 1
    int 0x80
