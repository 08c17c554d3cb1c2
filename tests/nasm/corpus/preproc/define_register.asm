; -f bin -w+all
bits 64
%define arg0 rdi
mov arg0, rax
mov [arg0 + 8], arg0
;= 48 89 c7 48 89 7f 08
