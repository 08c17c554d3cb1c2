; format: elf32
; runs: stdout The sum is:\n9\n

section .text
   global _start

_start:
   mov  ecx, '4'
   sub  ecx, '0'
   mov  edx, '5'
   sub  edx, '0'
   call sum
   mov  [res], eax
   mov  ecx, msg
   mov  edx, len
   mov  ebx, 1
   mov  eax, 4
   int  0x80

   mov  ecx, res
   mov  edx, 1
   mov  ebx, 1
   mov  eax, 4
   int  0x80

   mov  byte [res], 10
   mov  ecx, res
   mov  edx, 1
   mov  ebx, 1
   mov  eax, 4
   int  0x80

   mov  ebx, 0
   mov  eax, 1
   int  0x80

sum:
   mov  eax, ecx
   add  eax, edx
   add  eax, '0'
   ret

section .data
msg db "The sum is:", 0xA
len equ $ - msg

segment .bss
res resb 4
