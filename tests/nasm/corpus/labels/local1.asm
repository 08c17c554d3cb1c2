; -f bin
a:
.x: jmp .x
b:
.x: jmp .x
jmp a.x
dw a.x, b.x, .x
;= eb fe eb fe eb fa 00 00 02 00 02 00
