; -f bin -w+all : symbols
db __?NASM_MAJOR?__, __NASM_MINOR__, __NASM_SUBMINOR__, __?NASM_PATCHLEVEL?__
dd __NASM_VERSION_ID__
db __NASM_VER__
db __BITS__
bits 32
db __?BITS?__
%ifidn __OUTPUT_FORMAT__, bin
db 1
%endif
%ifidn __?PTR?__, dword
db 2
%endif
%ifdef __?DEBUG_FORMAT?__
db 3
%endif
db __?PASS?__
%ifmacro struc
db 4
%endif
;= 02 10 01 00 00 01 10 02 32 2e 31 36 2e 30 31 10
;= 20 01 02 02 04
