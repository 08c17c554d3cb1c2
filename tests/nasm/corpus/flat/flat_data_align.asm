; -f bin
section .text
db 1
section .data
db 2
section .data2 align=1
db 3
section .data3 align=2
db 4
;= 01 00 00 00 02 03 04
