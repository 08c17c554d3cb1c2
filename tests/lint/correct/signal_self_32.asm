; A handler that counts, called by a signal that the program sends itself, 32 bits.
; format: elf32
; runs: status 1
        section .data
action: dd handler, 0x04000004, restore
        dd 0, 0
count:  dd 0
        section .text
        global _start
handler:
        inc dword [count]
        ret
restore:
        mov eax, 173
        int 0x80
_start: mov eax, 174
        mov ebx, 10
        mov ecx, action
        xor edx, edx
        mov esi, 8
        int 0x80
        mov eax, 20
        int 0x80
        mov ebx, eax
        mov ecx, 10
        mov eax, 37
        int 0x80
        mov ebx, [count]
        mov eax, 1
        int 0x80
