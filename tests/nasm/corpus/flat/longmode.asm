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
