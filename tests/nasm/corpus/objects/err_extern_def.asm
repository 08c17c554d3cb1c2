; -f elf64
extern x
x equ 5
mov eax,x
