; format: elf32
; runs: status 11

global _start
section .text
add_two:                        ; the callee clears its arguments
    push ebp
    mov ebp, esp
    mov eax, [ebp+8]
    add eax, [ebp+12]
    pop ebp
    ret 8
_start:
    push dword 4
    push dword 7
    call add_two
    mov ebx, eax
    mov eax, 1
    int 0x80
