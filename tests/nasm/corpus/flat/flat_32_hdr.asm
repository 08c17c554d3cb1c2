; -f bin
bits 32
org 0x08048000
ehdr:
db 0x7F, "ELF", 1, 1, 1, 0
times 8 db 0
dw 2,3
dd 1
dd _start
dd phdr - $$
dd 0,0
dw ehdrsize, phdrsize
dw 1,0,0,0
ehdrsize equ $ - ehdr
phdr:
dd 1,0
dd $$,$$
dd filesize,filesize
dd 5,0x1000
phdrsize equ $-phdr
_start:
mov bl,42
xor eax,eax
inc eax
int 0x80
filesize equ $-$$
;= 7f 45 4c 46 01 01 01 00*9 02 00 03 00 01 00 00 00
;= 54 80 04 08 34 00*11 34 00 20 00 01 00 00 00 00 00
;= 00 00 01 00 00 00 00 00 00 00 00 80 04 08 00 80
;= 04 08 5b 00 00 00 5b 00 00 00 05 00 00 00 00 10
;= 00 00 b3 2a 31 c0 40 cd 80
