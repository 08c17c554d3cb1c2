; -f bin -w+all
db 5 dup ()
db 1, 2 dup (), 3
dw 2 dup (2 dup (), 4)
;= 01 03 04 00 04 00
