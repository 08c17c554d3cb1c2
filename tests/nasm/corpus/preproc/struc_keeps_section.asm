; -f bin -w+all
section .data
db 1
struc s
.a resd 1
endstruc
db 2
section .text
db 3
;= 03 00 00 00 01 02
