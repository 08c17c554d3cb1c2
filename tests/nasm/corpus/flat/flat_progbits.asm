; -f bin
section .x progbits align=8
db 1
section .y nobits
resb 1
section .z write
db 1
;= 6: warning: ignoring unknown section attribute: "write" [-w+other]
;= 01 00 00 00 01
