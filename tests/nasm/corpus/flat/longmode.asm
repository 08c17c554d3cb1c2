; -f bin
bits 64
org 0x100000
mov rdi,msg
lea rsi,[rel msg]
mov rax,[gs:0x10]
mov [abs 0x1234],eax
mov rax,[0xffffffff80000000]
mov al,[qword 0x123456789a]
jmp [rel table]
call [table+rax*8]
table: dq msg
msg: db "x"
;= 48 bf 47 00 10 00 00 00 00 00 48 8d 35 36 00 00
;= 00 65 48 8b 04 25 10 00 00 00 89 04 25 34 12 00
;= 00 48 8b 04 25 00 00 00 80 a0 9a 78 56 34 12 00
;= 00 00 ff 25 07 00 00 00 ff 14 c5 3f 00 10 00 47
;= 00 10 00 00 00 00 00 78
