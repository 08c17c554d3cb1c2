; format: elf32
; runs: status 14

; A handler notes the signal that ended pause.
global _start
section .data
action: dd handler, 0x04000000, restore, 0, 0   ; SA_RESTORER
seen:   dd 0
section .text
handler:
    mov eax, [esp+4]
    mov [seen], eax
    ret
restore:
    pop eax
    mov eax, 119                ; sigreturn
    int 0x80
_start:
    mov eax, 174                ; rt_sigaction
    mov ebx, 14
    mov ecx, action
    xor edx, edx
    mov esi, 8
    int 0x80
    mov eax, 20                 ; getpid
    int 0x80
    mov ebx, eax
    mov eax, 37                 ; kill(self, SIGALRM)
    mov ecx, 14
    int 0x80
    mov ebx, [seen]
    mov eax, 1
    int 0x80
