; runs: status 13

; 2.5 * 4 + sqrt(9), with SSE and with the x87.
global _start
section .text
_start:
    movsd xmm0, [a]
    mulsd xmm0, [b]
    sqrtsd xmm1, [c]
    addsd xmm0, xmm1
    cvttsd2si ebx, xmm0
    fld qword [a]
    fmul qword [b]
    fld qword [c]
    fsqrt
    faddp
    fistp qword [result]
    cmp rbx, [result]
    jne .differ
    mov edi, ebx
    mov eax, 60
    syscall
.differ:
    mov edi, 1
    mov eax, 60
    syscall
section .data
a: dq 2.5
b: dq 4.0
c: dq 9.0
section .bss
result: resq 1
