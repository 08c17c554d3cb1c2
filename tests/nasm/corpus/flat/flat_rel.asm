; -f bin
bits 32
section .text vstart=0x1000
call f
dd f-$$
section .b vstart=0x5000
f: jmp near g
g: dd $$
;= e8 fb 3f 00 00 00 40 00 00 00 00 00 e9 00 00 00
;= 00 00 50 00 00
