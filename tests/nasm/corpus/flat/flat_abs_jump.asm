; -f bin
bits 16
jmp 0x1234
call 0x7c00
jmp 0x10:0x20
;= e9 31 12 e8 fa 7b ea 20 00 10 00
