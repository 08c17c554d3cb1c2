; runs: status 111

; Steps from 27 to 1.
section .text
global _start
_start: mov  eax, 27
        xor  edi, edi
.next:  cmp  eax, 1
        je   .done
        inc  edi
        test al, 1
        jz   .even
        lea  eax, [rax+rax*2+1]
        jmp  .next
.even:  shr  eax, 1
        jmp  .next
.done:  mov  eax, 60
        syscall
