; -f elf64
a equ b
b equ c+1
section .data
dd a, b
c equ 5
d equ $-x
x: dd 1
e equ $-x
dd d,e
