; -f bin
a: jmp b
times 127 nop
b: jmp a
times 124 nop
jmp b
;= eb 7f 90*127 e9 7c ff 90*124 e9 7e ff
