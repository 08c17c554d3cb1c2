; one line for each rule that an instruction can break
bits 64
movv eax,ebx
mov eax,ebx,ecx
syscall 5
add eax,xmm0
mov eax,rbx
mov [rax],[rbx]
inc [rax]
movzx eax,[rax]
pusha
push eax
mov dr7,eax
movaps xmm1,xmm17
vpand xmm20,xmm1,xmm2
vpcmpistri xmm1,xmm20,5
addps xmm1{k1},xmm2
vgatherdps xmm1,[rax+xmm2]
vmovups [rax]{k1}{z},xmm1
vaddps xmm1,xmm2,xmm3,{rn-sae}
vaddps zmm1,zmm2,[rax],{rn-sae}
vaddps xmm0,xmm1,[rax]{1to8}
{evex} add eax,ebx
{vex2} vaddps xmm1,xmm2,[r8]
vpdpbssd xmm1,xmm2,xmm3
mov ah,r8b
mov rax,[eax+rbx]
mov rax,[rsp*2]
call short $
cpu 386
cmovz eax,ebx
cpu any
bits 32
mov rax,5
jmp far 5:6
bits 16
mov ax,[si+di]
