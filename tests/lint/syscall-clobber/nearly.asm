; Saved on the stack, set again, called from a function that saves it, and the address that `syscall` leaves.
; runs: status 3

global _start
section .text
_start:
    mov ecx, 3
.again:
    push rcx
    mov eax, 39
    syscall
    pop rcx
    call quiet
    loop .again
    mov ecx, 5
    mov eax, 39
    syscall
    mov ecx, 3
    mov edi, ecx
    mov eax, 60
    syscall
quiet:
    push rcx
    push r11
    mov eax, 39
    syscall
    pop r11
    pop rcx
    ret
