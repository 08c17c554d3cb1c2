; -f elf64
extern g
lea rax,[rel g wrt ..gotpc]
mov rax, g wrt ..gotoff
dq g wrt ..gotoff
dq g wrt ..got
