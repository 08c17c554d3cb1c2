; -f bin
x: db $-$$, $-x, $$-$$
times 3 db $-$$
times 2 dw $
a db 1,2,$-a
mov ax,$
jmp $
jmp $+5
mov ax,[$]
mov ax,[$+2]
cmp ax,$-$$
;= 00 00 00 03 03 03 06 00 06 00 01 02 00 b8 0d 00
;= eb fe eb 03 a1 14 00 a1 19 00 83 f8 1a
