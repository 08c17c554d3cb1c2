; -f bin
mov ax, add
;= 2: error: symbol `add' not defined
