; format: elf32
; runs: stdout 123456789

section .text
   global _start
_start:
   mov ecx, 9
   mov eax, '1'
l1:
   mov [num], eax
   mov eax, 4
   mov ebx, 1
   push ecx
   mov ecx, num
   mov edx, 1
   int 0x80
   mov eax, [num]
   inc eax
   pop ecx
   loop l1
   mov eax, 1
   xor ebx, ebx
   int 0x80
section .bss
num resb 4
