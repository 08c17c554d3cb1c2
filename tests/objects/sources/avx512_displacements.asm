; A displacement of one byte counts in units of what is read, also where the number is known later.
extern  elsewhere
section .text
        vmovdqu64 zmm0, [rax+vector]
        vmovdqu64 zmm0, [rax+vector*127]
        vmovdqu64 zmm0, [rax+vector*128]
        vmovdqu64 zmm0, [rax+vector+1]
        vmovdqu64 zmm0, [rax-vector*128]
        vmovdqu64 zmm0, [rbp+nothing]
        vmovdqu64 zmm0, [rax+nothing]
        vmovdqu64 [r12+vector], zmm1
        vmovdqu32 ymm17, [rsp+vector/2]
        vpaddd  zmm0, zmm1, [rax+nothing+4]{1to16}
        vpaddq  zmm0, zmm1, [rax+nothing+4]{1to8}
        vpaddq  zmm0, zmm1, [rax+vector]{1to8}
        vaddss  xmm17, xmm1, [rax+nothing+508]
        vpinsrb xmm17, xmm1, [rax+nothing+127], 3
        vpmovzxbd zmm1, [rax+r9*4+vector]
        vpternlogd zmm1, zmm2, [rax+vector], later
        vpgatherdd zmm1{k1}, [rax+zmm3*4+vector]
        vmovdqu64 zmm0, [r9+r8-vector]
        vmovdqu64 zmm0, [eax+vector]
        vmovdqu64 zmm0, [byte rax+vector]
        vmovdqu64 zmm0, [byte rax+nothing]
        vmovdqu64 zmm0, [byte rax+nothing+3]
        vmovdqu64 zmm0, [dword rax+vector]
        vmovdqu64 zmm0, [rax+after-before]
        vmovdqu64 zmm0, [rax+after]
        vmovdqu64 zmm0, [rax+elsewhere]
        vmovdqu64 zmm0, [rax+elsewhere+64]
        vmovdqu64 zmm0, [rel elsewhere]
        vmovdqu64 zmm0, [rax*8+vector]
        vmovdqu64 zmm0, [vector]
        vpaddd  ymm1, ymm2, [rax+vector]
section .data
before: times 128 db 0
after:  dd 1
vector  equ 64
nothing equ 0
later   equ 5
