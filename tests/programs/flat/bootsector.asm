; A boot sector that prints a line: labels of both kinds, times up to the signature.
[bits 16]
[org 0x7c00]
start: jmp short main
msg: db 'boot', 0dh, 0ah, 0
main:
 xor ax,ax
 mov ds,ax
 mov si,msg
.next lodsb
 or al,al
 jz .done
 mov ah,0eh
 mov bx,7
 int 10h
 jmp .next
.done: hlt
 jmp $
times 510-($-$$) db 0
dw 0xaa55
