; Numbers that depend on sizes which are settled later.
bits 64
jmp l
%assign x $-$$
db x
times 200 nop
l:

%if $-$$ == 206
        db 77
%endif
%assign y l-$$
        dw y
