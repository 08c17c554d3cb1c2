; Kinds, sizes, visibilities and the order of symbols.
extern printf
extern puts
global main:function (main.end-main)
global msg:data hidden 5
global other
common cm 16:8
static loc:function
extern wk:weak
section .data
msg: db "hello"
pt: dq msg, main+4, puts, .loc
.loc: dd 5
w: dw msg
section .text
main:
 mov rdi, msg
 call printf
 call printf wrt ..plt
 mov rax, [rel puts wrt ..got]
 lea rax, [rel msg]
 lea rbx, [loc]
 jmp other
 jmp loc
.end:
other: ret
loc: call wk
 mov rax, puts
 mov eax, pt
 mov ax, pt
section .bss
b1: resb 4
section foo
 dq b1
section .tdata tls write align=8
tv: dd 1
x equ 5
global x
y equ main+3
