; -f bin
x: jmp z
l equ $-x
times l nop
times 200 nop
z:
dw l
;= e9 cb 00 90*203 03 00
