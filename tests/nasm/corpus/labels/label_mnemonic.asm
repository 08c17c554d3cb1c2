; -f bin
mov: nop
;= 90
