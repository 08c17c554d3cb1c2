; -f bin
section .text
db 1
section .x valign=64
x: dw x
section .y vfollows=.x valign=16
y: dw y
;= 01 00 00 00 40 00 00 00 50 00
