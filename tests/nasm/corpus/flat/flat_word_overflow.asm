; -f bin
org 0x12345
x: dw x
;= 45 23
