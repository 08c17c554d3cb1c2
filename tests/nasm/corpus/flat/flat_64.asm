; -f bin
bits 64
org 0x400000
mov rax, x
mov eax, x
mov eax,[x]
mov eax,[rel x]
lea rsi,[x]
push x
dq x
x:
;= 48 b8 31 00 40 00 00 00 00 00 b8 31 00 40 00 8b
;= 04 25 31 00 40 00 8b 05 15 00 00 00 48 8d 34 25
;= 31 00 40 00 68 31 00 40 00 31 00 40 00 00 00 00
;= 00
