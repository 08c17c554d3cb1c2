; -f elf32
bits 16
extern e
jmp e
call e
jmp near e
dw e-$
dw $
jmp 0x10:e
