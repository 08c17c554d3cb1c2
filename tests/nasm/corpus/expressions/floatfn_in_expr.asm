; -f bin
mov ax, __?float16?__(1.0)+1
;= b8 01 3c
