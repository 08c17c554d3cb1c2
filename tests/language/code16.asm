; The mode of flat output is 16-bit.
        org 0x7c00
start:  cli
        xor ax, ax
        mov ds, ax
        mov si, message
print:  lodsb
        test al, al
        jz .done
        mov ah, 0x0e
        int 0x10
        jmp print
.done:  jmp $
        mov eax, [bx+si+4]
        mov ax, [es:di]
        a32 mov ax, [eax]
        jmp 0x8:start
        o32 ret
message: db "hello", 13, 10, 0
        bits 32
        mov eax, [ebx+ecx*2]
        push dword 1
        jmp print
        times 510-($-$$) db 0
        dw 0xaa55
