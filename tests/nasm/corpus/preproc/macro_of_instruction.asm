; -f bin -w+all
bits 32
%macro push 2-*
%rep %0
push %1
%rotate 1
%endrep
%endmacro
%macro pop 2-*
%rep %0
%rotate -1
pop %1
%endrep
%endmacro
push eax
push ebx, ecx, edx
pop ebx, ecx, edx
%macro nop 0
nop
nop
%endmacro
nop
;= 15: warning: multi-line macro `push' exists, but not taking 1 parameter [-w+pp-macro-params-multi]
;= 50 53 51 52 5a 59 5b 90 90
