; -f bin
a: jmp b
times 126 nop
b: jmp a
jz a
call b
;= eb 7e 90*126 e9 7d ff 0f 84 79 ff e8 f6 ff
