; -f elf64
section .strs merge strings byte
s1: db "a",0
s2: db "b",0
section .text
mov edi,s2
lea rsi,[rel s2]
mov rax,s1
