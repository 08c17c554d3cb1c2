; Floating point: a dot product and a square root, in packed and scalar instructions.
; stdout: 70 8\n

        default rel
        section .rodata
        align   16
left:   dd      1.0, 2.0, 3.0, 4.0
right:  dd      5.0, 6.0, 7.0, 8.0
limit:  dq      0x1p6
        section .bss
text:   resb    8
        section .text
        global  _start
_start: movaps  xmm0, [left]
        mulps   xmm0, [right]
        movhlps xmm1, xmm0
        addps   xmm0, xmm1
        pshufd  xmm1, xmm0, 0b01
        addss   xmm0, xmm1
        cvttss2si eax, xmm0
        lea     rdi, [text]
        call    decimal
        mov     al, ' '
        stosb
        sqrtsd  xmm2, [limit]
        cvtsd2si eax, xmm2
        call    decimal
        mov     al, 10
        stosb
        lea     rsi, [text]
        mov     rdx, rdi
        sub     rdx, rsi
        mov     eax, 1
        mov     edi, 1
        syscall
        xor     edi, edi
        mov     eax, 60
        syscall

; eax in at most two digits to [rdi]
decimal:
        mov     cl, 10
        div     cl
        test    al, al
        jz      .one
        add     al, '0'
        stosb
.one:   mov     al, ah
        add     al, '0'
        stosb
        ret
