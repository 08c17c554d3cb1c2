; -f bin
[section .data]
x db 1
[section .text]
dw x
__SECT__
;= 04 00 00 00 01
