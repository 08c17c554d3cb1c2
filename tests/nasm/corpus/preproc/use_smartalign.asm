; -f bin -w+all : symbols
%use smartalign
bits 32
db 1
align 4
db 1
align 16
db 2, 3, 4
align 8
db 1
align 32
db 1
;= 01 8d 76 00 01 eb 09 90*9 02 03 04 90 8d 74 26 00
;= 01 8d b4 26 00 00 00 00 01
