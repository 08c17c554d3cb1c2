; -f bin
nop
x: dw x
org 0x100
;= 90 01 01
