; -f bin
org 0x100
jmp start
x: dw 5
start: mov ax,[x]
mov si,x+2
lea di,[x]
mov word [x],start
call near start
jmp short start
