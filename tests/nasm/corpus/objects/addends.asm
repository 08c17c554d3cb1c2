; -f elf64
extern e
dd e+5, e-3
dq e+0x123456789
mov rax,[e+0x7fffffff]
lea rax,[rel e-4]
jmp e+1
dd $+4, $$-4
