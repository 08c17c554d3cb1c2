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
;= eb 02 05 00 a1 02 01 be 04 01 8d 3e 02 01 c7 06
;= 02 01 04 01 e8 ed ff eb eb
