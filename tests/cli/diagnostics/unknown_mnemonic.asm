        section .text
_start: mvo     eax, 60
        xorr    edi, edi
        syscal
        frobnicate rax
