; -f bin
jmp nope
;= 2: error: symbol `nope' not defined
