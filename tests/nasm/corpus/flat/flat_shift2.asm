; -f bin
bits 64
org 0x400000
x: db 1
;= 01
