; -f elf64
global fn:function (fn.end-fn)
global str:data str.end-str
common cv 8:8
extern puts
section .text
fn: mov rax,[rel cv wrt ..got]
mov rax,[rel num wrt ..got]
mov rax,loc wrt ..gotoff
call puts wrt ..plt
jmp puts wrt ..plt
.end:
section .data
str: db 'x',0
.end:
p: dq loc
q: dq fn wrt ..sym
section .bss
global num:data 8
num: resq 1
loc: resq 1
