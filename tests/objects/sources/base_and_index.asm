; Which of two registers is the base: numbers that are added up decide, unless nothing is left of them.
section .data
a:      dd      1
b:      dd      2
section .text
        mov     eax, [rsi+r10+8]
        mov     eax, [rsi+0+r10+8]
        mov     eax, [rsi+0+0+r10+8]
        mov     eax, [rsi+0+0+0+r10+8]
        mov     eax, [rsi+(0+0)+r10+8]
        mov     eax, [rsi+(4-4)+r10+8]
        mov     eax, [rsi+4-4+r10+8]
        mov     eax, [rsi+0*2+r10+8]
        mov     eax, [rsi+0*2+0*2+r10+8]
        mov     eax, [rsi-(4-4)+r10+8]
        mov     eax, [rsi+(a-a)+r10+8]
        mov     eax, [rsi+(b-a)+r10+8]
        mov     eax, [rsi+!1+r10+8]
        mov     eax, [(rsi+0)+r10+8]
        mov     eax, [(rsi+r10+0)+8]
        mov     eax, [r10*1+0+rsi+8]
        mov     eax, [r10*1+0+0+rsi+8]
