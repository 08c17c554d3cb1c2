; A distance between two names ahead is taken for nothing at first, one from here to a name ahead for something far.
section .text
        jmp     distant
        times 128 nop
distant:
        lea     eax, [rax+two-one]
one:    times 127 nop
two:
start:  lea     eax, [rax+end-start]
        times 124 nop
end:
