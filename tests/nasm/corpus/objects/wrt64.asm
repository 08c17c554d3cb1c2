; -f elf64
extern foo
extern tv
default rel
lea rax,[rel foo wrt ..gotpcrel]
;= 5: error: symbol `..gotpcrel' not defined
