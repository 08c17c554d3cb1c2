; -f elf64
%macro sec 1
[section %1]
%endmacro
sec .data
db 1
sec .text
nop
__?SECT?__
