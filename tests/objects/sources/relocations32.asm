; format: elf32
; Every relocation type of ELF32 that a source can ask for.
extern ex, ey, _GLOBAL_OFFSET_TABLE_
global g1, g2
section .data
d0: db 1
g1: dd g1, g1+8, ex+5
 dd ex-$, t0-$, t0-$, ex, t0-d0
 dd ex wrt ..sym
 dd g1 wrt ..sym, g1 wrt ..got, ex wrt ..gotoff, g2 wrt ..got, g1+3 wrt ..sym
 dd ex wrt ..tlsie
 dw ex, ex-$
 db ex
 db ex-$
section .text
t0: call 5
 jmp 0x1234
 call ex wrt ..plt
g2: jmp short ex
 jz ex
 mov eax,[ex]
 mov eax,[ex+ecx*4]
 mov eax, ex
 push ex
 cmp dword [d0], 5
 call .get
.get: pop ebx
 add ebx, _GLOBAL_OFFSET_TABLE_+$$-.get wrt ..gotpc
 lea eax,[ebx+d0 wrt ..gotoff]
 mov eax,[ebx+ex wrt ..got]
 mov ax, ex
