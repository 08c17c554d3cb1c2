; -f bin
section .data align=16
db 1
section .data align=32
db 2
;= 01 02
