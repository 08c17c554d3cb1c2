; -f bin
org 0x7c00
section .data
d: dw d
section .text
dw d
;= 04 7c 00 00 04 7c
