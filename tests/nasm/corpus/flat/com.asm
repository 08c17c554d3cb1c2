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
;= ba 10 01 b4 09 cd 21 a1 13 01 bc 58 01 00 00 00
;= 68 69 24 05 00
