; -f bin
list db 1
dw list
;= 01 00 00
