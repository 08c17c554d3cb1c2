; -f elf32
extern t
section .text
mov eax,[gs:0]
mov ecx,[t wrt ..tlsie]
