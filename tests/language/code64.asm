; Instructions with everything that the operand parser reads.
        bits 64
        default rel
start:  mov rax, 60
        mov eax, [rax+rbx*4+8]
        mov eax, [rbx*1+rax]
        mov eax, [rax*1+rbx*1]
        mov eax, [nosplit rax*2]
        mov eax, [rax*3+4*2]
        mov eax, [fs:rdi+4]
        mov eax, [rel start]
        mov eax, [abs 0x1234]
        mov rax, [data]
        lea rsi, [data+4]
        mov byte [rdi], 1
        mov dword [rdi+rcx*8-4], later
        add rsi, later
        push later
        push byte 5
        lock inc dword [rax]
        rep movsb
        rep stosq
        fs mov eax, [ebx]
        jmp short start
        jmp near start
        jmp start
        jz forward
        call forward
        call start
        jmp forward
        times 130 nop
forward: ret
        jmp forward
        jmp start
        vaddps ymm1, ymm2, [rdi]
        vaddps zmm1{k1}{z}, zmm2, [rdi]{1to16}
        vaddps zmm1, zmm2, zmm3, {rz-sae}
        vgatherdps xmm1, [rax+xmm2*4], xmm3
        fld st1
        fadd to st2
        mov rax, 0x123456789abcdef0
        mov al, 'a'
        test al, ~3
        xor eax, eax
        syscall
later   equ 5
        align 16
data:   dq start, forward-start
        rep
        a32
