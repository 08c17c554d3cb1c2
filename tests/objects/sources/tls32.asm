; format: elf32
; Thread-local data in ELF32.
extern  theirs
global  ours
section .tdata write tls
ours:   dd 5
section .text
        mov eax, [theirs wrt ..tlsie]
        mov eax, [gs:eax]
