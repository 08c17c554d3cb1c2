; -f bin
bits 64
org 0x1000
jmp 0x1234
call 0x7c00
je 0x2000
;= e9 2f 02 00 00 e8 f6 6b 00 00 0f 84 f0 0f 00 00
