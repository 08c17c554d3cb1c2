; format: elf32
; runs: stdout 57911\n

; Adds 12345 to 45566, digit by digit.
section .text
   global _start
_start:
   mov  esi, 4
   mov  ecx, 5
   clc
add_loop:
   mov  al, [num1 + esi]
   adc  al, [num2 + esi]
   aaa
   pushf
   or   al, 30h
   popf
   mov  [sum + esi], al
   dec  esi
   loop add_loop
   mov  edx, 6
   mov  ecx, sum
   mov  ebx, 1
   mov  eax, 4
   int  0x80
   mov  eax, 1
   mov  ebx, 0
   int  0x80
section .data
num1 db '12345'
num2 db '45566'
sum  db '     ', 10
