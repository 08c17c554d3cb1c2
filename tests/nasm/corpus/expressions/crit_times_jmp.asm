; -f bin
x: jmp z
times 20-($-x) nop
z:
;= eb 12 90*18
