; -f bin
x: jmp z
times 200-($-x) nop
z:
;= e9 c5 00 90*197
