; -f elf64
section .text
[warning -zeroing]
resb 4
[warning +zeroing]
resb 4
[warning push]
[warning -all]
db 300
[warning pop]
db 300
[warning error=number-overflow]
;= 6: warning: uninitialized space declared in non-BSS section `.text': zeroing [-w+zeroing]
;= 11: warning: byte data exceeds bounds [-w+number-overflow]
;= 7f 45 4c 46 02 01 01 00*9 01 00 3e 00 01 00*19 40 00*11
;= 40 00 00 00 00 00 40 00 05 00 02 00*65 01 00 00 00
;= 01 00 00 00 06 00*15 80 01 00 00 00 00 00 00 0a 00*15
;= 10 00*15 07 00 00 00 03 00*19 90 01 00 00 00 00 00 00
;= 21 00*15 01 00*15 11 00 00 00 02 00*19 c0 01 00 00 00 00
;= 00 00 48 00 00 00 00 00 00 00 04 00 00 00 03 00
;= 00 00 08 00 00 00 00 00 00 00 18 00 00 00 00 00
;= 00 00 19 00 00 00 03 00*19 10 02 00 00 00 00 00 00
;= 11 00*15 01 00*23 2c 2c 00 00 00 00 00 00 00 2e 74 65
;= 78 74 00 2e 73 68 73 74 72 74 61 62 00 2e 73 79
;= 6d 74 61 62 00 2e 73 74 72 74 61 62 00*40 01 00 00
;= 00 04 00 f1 ff 00*20 03 00 01 00*26 77 61 72 6e 69 6e
;= 67 5f 64 69 72 2e 61 73 6d 00*16
