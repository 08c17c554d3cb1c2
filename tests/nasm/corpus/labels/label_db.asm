; -f bin
x db 1
y: db 2
z dw x,y,z
;= 01 02 00 00 01 00 02 00
