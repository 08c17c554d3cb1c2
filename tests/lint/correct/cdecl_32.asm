; format: elf32
; runs: stdout 42\n

global _start
section .text
_start:
    push dword 42
    call print_uint
    add esp, 4
    mov eax, 1
    xor ebx, ebx
    int 0x80

print_uint:
    enter 16, 0
    pusha
    mov eax, [ebp+8]
    lea edi, [ebp-1]
    mov byte [edi], 10
    mov esi, 1
    mov ecx, 10
.next:
    xor edx, edx
    div ecx
    or dl, '0'
    dec edi
    mov [edi], dl
    inc esi
    test eax, eax
    jne .next
    mov eax, 4
    mov ebx, 1
    mov ecx, edi
    mov edx, esi
    int 0x80
    popa
    leave
    ret
