; -f bin
db 1
dw 2
dd 3
dq 4
dd "abcd", 'ef', 1.5, -1.5
dq 1.5
ddq 1.5
;= 8: error: parser: instruction expected
