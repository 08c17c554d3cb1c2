; -f elf64
%assign i 0
%rep 40
section .s%[i]
l%[i]: db i
%assign i i+1
%endrep
dq l0,l39
