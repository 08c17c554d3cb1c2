; -f bin
bits 32 and more
mov eax, 1
bits 16+16
mov eax, 1
bits 64,5
mov eax, 1
org 5, 6
dw $$
;= b8 01 00 00 00 66 b8 01 00 00 00 b8 01 00 00 00
;= 05 00
