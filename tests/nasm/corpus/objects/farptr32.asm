; -f elf32
extern e
jmp 8:e
call 8:x
x:
dd e, x
dw 8
