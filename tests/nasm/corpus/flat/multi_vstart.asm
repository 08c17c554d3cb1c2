; -f bin
section .a vstart=0x8000
a: dw a
section .b vstart=0x9000 align=16
b: dw b, a
section .c start=0x100
c: dw c
section .d follows=.a
d: dw d
section .e vfollows=.b
e: dw e
;= 00 80 00 00 04 00 00 00 04 90 00 00 00 00 00 00
;= 00 90 00 80 00*237 01
