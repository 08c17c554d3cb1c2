; runs: status 32

; Loops that the assembler unrolls, labels that belong to one use of a macro.
global _start
%macro magnitude 1
    test %1, %1
    jns %%positive
    neg %1
%%positive:
%endmacro
%macro finish 1
    mov edi, %1
    mov eax, 60
    syscall
%endmacro
section .bss
room: resd 8
section .text
_start:
%assign i 0
%rep 8
    mov dword [room+4*i], i-4
%assign i i+1
%endrep
    xor r8d, r8d
    mov ebx, 7
.each:
    mov eax, [room+4*rbx]
    magnitude eax
    lea r8d, [r8+rax*2]
    dec ebx
    jns .each
    finish r8d
