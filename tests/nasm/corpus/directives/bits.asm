; -f bin
bits 32
mov eax,1
[bits 16]
mov eax,1
use32
mov eax,1
USE64
mov rax,1
;= b8 01 00 00 00 66 b8 01 00 00 00 b8 01 00 00 00
;= b8 01 00 00 00
