; Distances to external symbols: the place is subtracted by the relocation.
extern  e
section .data
        dd e-$
        dd e-$$
base:   dd e-base, e-base+4
        dq e-$
section .text
        db 0xe8
        dd e-($+4)
        lea rax, [rel e-4]
