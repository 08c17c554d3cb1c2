; -f bin
org 100h
mov dx,msg
mov ah,9
int 21h
ret
msg db 'Hello$'
;= ba 08 01 b4 09 cd 21 c3 48 65 6c 6c 6f 24
