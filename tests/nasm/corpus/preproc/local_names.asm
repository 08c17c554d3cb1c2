; -f elf64 -w+all -w-unknown-warning
; The numbers in the names of local labels count the macros that directives are to nasm.
%macro label 0
%%l: jmp %%l
%endmacro
section .data
bits 64
default rel
global x, y
extern z
align 8
alignb 8
x: y equ 5
label
[section .foo]
label
section .text align=16
%rep 2
label
%endrep
absolute 5
a: resb 3
section .bss
%push c
%$k: resb 1
%pop
align 16, resb 1
section .text
label
struc s
.a: resb 1
endstruc
label
v: istruc s
at s.a, db 1
iend
label
cpu x64
use64
named: align 8
label
times 3 nop
common q 4
label
;= 13: error: parser: instruction expected
