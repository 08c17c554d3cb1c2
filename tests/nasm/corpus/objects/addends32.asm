; -f elf32
extern e
dd e+5, e-3
jmp e+1
mov eax,[e-8]
dd $+4
db 0xe8
dd e-$-4
