; -f bin
db (1,2,3)
dw (1, byte 2, 3)
db dword 5
db dword (1,2), 3
db %(1,2)
dd 2 dup (byte 1, word 2)
dw 0 dup (5)
;= 2: error: expecting `)'
;= 3: error: expecting `)'
