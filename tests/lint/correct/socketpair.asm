; Two connected sockets: what goes in at one comes out at the other.
; runs: status 4
        section .bss
pair:   resd 2
got:    resb 16
        section .text
        global _start
_start: mov eax, 53
        mov edi, 1
        mov esi, 1
        xor edx, edx
        mov r10, pair
        syscall
        test eax, eax
        js .fail
        push 'ping'
        mov eax, 1
        mov edi, [pair]
        mov rsi, rsp
        mov edx, 4
        syscall
        pop rcx
        xor eax, eax
        mov edi, [pair + 4]
        mov rsi, got
        mov edx, 16
        syscall
        mov edi, eax
        cmp dword [got], 'ping'
        je .exit
.fail:  mov edi, 1
.exit:  mov eax, 60
        syscall
