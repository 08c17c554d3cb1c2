; -f bin
[map all x.map]
org 0x100
section .text
start: nop
section .data
x: db 1
;= 90 00 00 00 01
