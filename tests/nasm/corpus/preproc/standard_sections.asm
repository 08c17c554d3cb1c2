; -f bin -w+all
section .data
db 1
%define back __SECT__
section .text
db 2
back
db 3
[section .data]
db 4
__?SECT?__
db 5
;= 02 03 05 00 01 04
