; runs: status 9

; The handler ends the process; its restorer is never reached and does what restorers do.
SIGUSR1 equ 10
global _start
section .text
_start:
    mov eax, 13
    mov edi, SIGUSR1
    mov rsi, action
    xor edx, edx
    mov r10d, 8
    syscall
    mov eax, 39
    syscall
    mov edi, eax
    mov esi, SIGUSR1
    mov eax, 62
    syscall
.wait:
    mov eax, 34
    syscall
    jmp .wait
handler:
    mov edi, 9
    mov eax, 60
    syscall
    ret
restorer:
    mov eax, 15
    syscall
section .data
action: dq handler, 0x04000000, restorer, 0
