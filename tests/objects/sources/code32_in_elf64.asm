; 32-bit code in a 64-bit object, as kernels begin.
bits 32
section .text
start:  mov eax, start
        mov [data], eax
        jmp 0x8:long_mode
bits 64
long_mode:
        mov rax, [data]
        jmp start
section .data
data:   dq 0
