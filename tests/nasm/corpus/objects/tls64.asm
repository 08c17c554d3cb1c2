; -f elf64
global t
section .tdata write tls
t: dd 5
section .tbss tls
u: resd 1
section .text
mov rax,[fs:0]
mov rax,[rel t wrt ..gottpoff]
mov eax,[fs:t]
lea rax,[rel t]
