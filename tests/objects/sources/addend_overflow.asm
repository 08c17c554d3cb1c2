; Addends at and beyond the ends of 32 bits.
extern e
section .data
        dq e+0x7fffffffffffffff, e-0x8000000000000000
        dd e+0x7fffffff, e-0x80000000, e+0xffffffff
        dw e+0xffff, e-1
section .text
        mov rax, [rel e+0x7fffffff]
        lea rax, [e-0x80000000]
        call e+0x1000
