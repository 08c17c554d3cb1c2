; -f elf64
global aa:(aend - aa)
global bb:function hidden weak
global cc:function weak
extern dd1, ee:weak
section .text align=16
aa: nop
bb: nop
cc: mov eax,ee
mov eax,dd1
aend:
