; -f bin
org 0x100
section .text
mov ax,[d]
section .data
d: dw 1
section .bss
b: resw 1
section .text
mov ax,[b]
;= a1 08 01 a1 0c 01 00 00 01 00
