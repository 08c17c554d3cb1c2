; -f elf64
section .text
mov eax,[v]
mov [v+4],eax
lea rax,[v]
cmp byte [v],0
mov rax,[abs v]
section .bss
v: resb 8
