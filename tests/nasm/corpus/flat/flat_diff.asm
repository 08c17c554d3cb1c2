; -f bin
section .text
a:
dd b-a
section .data vstart=0x100
b: dd a-b
;= 00 01 00 00 00 ff ff ff
