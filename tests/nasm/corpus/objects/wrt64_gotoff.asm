; -f elf64
lea rax,[rbx+x wrt ..gotoff]
dq x wrt ..gotoff
mov rax, x wrt ..gotoff
section .data
x: dq 1
;= 2: error: ELF64 requires ..gotoff references to be qword
