; -f bin
section .text
dd section..text.start, section..data.start, section..data.vstart
section .data
dd 1
;= 00 00 00 00 0c 00 00 00 0c 00 00 00 01 00 00 00
