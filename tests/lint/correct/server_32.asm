; A server by way of socketcall: binds, listens, and ends, 32 bits.
; format: elf32
; runs: status 0
%macro socketcall 2
        mov eax, 102
        mov ebx, %1
        mov ecx, %2
        int 0x80
        test eax, eax
        js near fail
%endmacro
        section .data
address:
        dw 2
        db 0, 0
        db 127, 0, 0, 1
        dq 0
new:    dd 2, 1, 0
bound:  dd 0, address, 16
heard:  dd 0, 8
        section .text
        global _start
_start: socketcall 1, new
        mov [bound], eax
        mov [heard], eax
        socketcall 2, bound
        socketcall 4, heard
        mov ebx, [heard]
        mov eax, 6
        int 0x80
        xor ebx, ebx
        jmp exit
fail:   mov ebx, 1
exit:   mov eax, 1
        int 0x80
