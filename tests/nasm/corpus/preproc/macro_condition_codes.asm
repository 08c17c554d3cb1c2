; -f bin -w+all
bits 32
%macro ifnot 2
j%-1 %%skip
%2
%%skip:
%endmacro
%macro ifso 2
j%+1 %%skip
set%-1 al
%2
%%skip:
%endmacro
ifnot e, nop
ifso nz, ret
ifso ae, {mov al, 1}
ifnot pe, nop
;= 75 01 90 75 04 0f 94 c0 c3 73 05 0f 92 c0 b0 01
;= 7b 01 90
