; Every relocation type of ELF64 that a source can ask for.
extern ex, ey
global g1, g2
section .data
d0: db 1
g1: dq g1, g1+8, ex+5
 dd ex-$, t0-$, t0-$, ex, t0-d0
 dq ex-$, t0-$$
 dd ex wrt ..sym
 dq g1 wrt ..sym, g1 wrt ..got, ex wrt ..gotoff, g2 wrt ..got
 dd g2 wrt ..got
 dw ex, ex-$
 db ex
 db ex-$
section .text
t0: call 5
 jmp 0x1234
 mov rax,[rel 5]
 mov rax,[rel ex wrt ..gottpoff]
 mov rax,[rel ex wrt ..gotpc]
 mov rax,[rel g1 wrt ..got]
 call ex wrt ..plt
g2: jmp short ex
 jz ex
 mov eax,[ex]
 mov eax,[ex+rcx*4]
 mov eax, ex
 mov rax, strict dword ex
 push ex
 cmp dword [rel d0], 5
 mov qword [rel ex], ex
 lea rax,[rel ex-4]
 mov rax,[qword ex]
