; -f bin -w+all
%macro reg 1
mov e%1x, 1
mov %1l, %1h
%endmacro
bits 32
reg a
reg b
%macro name 2
lab_%1_%2: db %2%2
x%1_end: db 1
%endmacro
name 1, 2
%macro hex 1
db 0x%1
%endmacro
hex ff
%macro braces 1
x%{1}y equ 3
db x%{1}y
%endmacro
braces foo
;= b8 01 00 00 00 88 e0 bb 01 00 00 00 88 fb 16 01
;= ff 03
