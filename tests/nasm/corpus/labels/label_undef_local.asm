; -f bin
a:
jmp .nope
;= 3: error: symbol `a.nope' not defined
