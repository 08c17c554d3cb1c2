; -f elf32
global fn:function (fn.end-fn)
global str:data str.end-str
common cv 4:4
extern puts
extern _GLOBAL_OFFSET_TABLE_
section .text
fn: push ebx
call .here
.here: pop ebx
add ebx,_GLOBAL_OFFSET_TABLE_+$$-.here wrt ..gotpc
mov eax,[ebx+cv wrt ..got]
mov eax,[ebx+num wrt ..got]
lea ecx,[ebx+loc wrt ..gotoff]
call puts wrt ..plt
.end:
section .data
str: db 'x',0
.end:
p: dd loc, fn wrt ..sym, puts
dd str - $, p-fn.end+fn
section .bss
global num:data 4
num: resd 1
loc: resd 1
