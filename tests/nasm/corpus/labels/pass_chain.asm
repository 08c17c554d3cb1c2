; -f bin
a: jmp c
b: jmp d
times 120 nop
c: jmp a
times 5 nop
d: jmp b
;= eb 7a eb 7f 90*120 eb 82 90 90 90 90 90 e9 7c ff
