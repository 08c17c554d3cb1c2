; -f elf64
extern x
extern x
call x
