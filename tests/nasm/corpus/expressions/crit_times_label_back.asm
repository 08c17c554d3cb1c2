; -f bin
x: db 1,2,3
y:
times y-x db 9
times $-x db 7
;= 01 02 03 09 09 09 07 07 07 07 07 07
