; Text built on the stack, back to front, without any data section.
; runs: stdout stack\n
bits 64
        global _start
_start: sub rsp, 8
        mov dword [rsp], 'stac'
        mov word [rsp + 4], 'k' | 10 << 8
        mov eax, 1
        mov edi, eax
        mov rsi, rsp
        mov edx, 6
        syscall
        add rsp, 8
        mov al, 60
        cdq
        xchg edi, edx
        syscall
