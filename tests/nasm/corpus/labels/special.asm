; -f bin
a:
..@foo: nop
.x: jmp .x
jmp ..@foo
dw a.x
;= 90 eb fe eb fb 01 00
