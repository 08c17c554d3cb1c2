; -f bin
section .text
dd 1
section .data
dd section..text.length
;= 5: error: symbol `section..text.length' not defined
