; -f bin
org 100h
section .text
start: mov dx,msg
mov ah,9
int 21h
mov ax,[count]
section .data
msg: db "hi$"
count: dw 5
section .bss
buf: resb 64
end:
section .text
mov sp,end
