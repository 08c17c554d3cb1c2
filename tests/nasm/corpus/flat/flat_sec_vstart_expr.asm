; -f bin
BASE equ 0x1000
section .a vstart=BASE+0x10 align=4
dd $
;= 10 10 00 00
