; Everyday 64-bit code: macros with rotation, addressing forms, floats, tables, zeroed room.
BITS 64
%macro pushall 1-*
%rep %0
 push %1
%rotate 1
%endrep
%endmacro
%define arr(i) [rdi+i*8]
%xdefine y arr(2)
section .text
f: pushall rax, rbx, r12
 mov rax, y
 add rax, arr(3)
 cmp byte [rsi], 'a'
 lea rax, [f+rax*2]
 mov qword [rel v], f
 call [rel v]
 jmp qword [rax*8+tbl]
%if 1 && (2 > 1)
 nop
%elif 0
 hlt
%endif
 rep movsb
 lock cmpxchg [rdi], rcx
 mov al, [gs:0x28]
 mov rax, [fs:0]
 movzx eax, byte [rsi+rcx]
 test al, 1
 sete al
 imul eax, ebx, 10
 shl rax, cl
 movaps xmm0, [rel k]
 vaddps ymm0, ymm1, [rsi]
section .data align=16
k: dd 1.0, 2.5, -3.0e2, 0x1.8p1
v: dq 0
tbl: dq f, f+4, v
s: db "str", 10, 0
sl equ $-s
align 8
 dq sl
section .bss
buf: resb 64
p: resq 4
