; -f elf64 : refused
; nasm knows no such kind of symbol: it is read as the symbol's size.
global  a:tls
section .tdata
a:      dd 1
;= 5: error: expression syntax error
;= 5: warning: no operand for data declaration [-w+db-empty]
