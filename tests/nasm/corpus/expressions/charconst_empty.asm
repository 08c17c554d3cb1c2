; -f bin
db ''
db '',1
dw ""
mov al,''
;= 01 b0 00
