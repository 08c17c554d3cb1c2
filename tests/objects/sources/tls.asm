; Thread-local data: initial-exec and local symbols.
extern  theirs
global  ours
section .tdata write tls
ours:   dd 5
mine:   dd 6
section .text
        mov rax, [rel theirs wrt ..gottpoff]
        mov rax, [rel ours wrt ..gottpoff]
        mov eax, [fs:rax]
