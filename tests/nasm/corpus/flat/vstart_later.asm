; -f bin -w+all
section .data vstart=later+4
here: dw here
section .more start=place
 dw $$
later equ 0x100
place equ 0x40
;= 04 01 00*62 40 00
