; Four floats at a time, summed across, truncated to a status.
; runs: status 36
        section .rodata
        align 16
values: dd 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0
        section .text
        global _start
_start: movaps xmm0, [rel values]
        addps xmm0, [rel values + 16]
        movhlps xmm1, xmm0
        addps xmm0, xmm1
        pshufd xmm1, xmm0, 1
        addss xmm0, xmm1
        cvttss2si edi, xmm0
        mov eax, 60
        syscall
