; -f bin
times 2 db 1,2
a: times 3 dw a-$$
times ($-a)/2 db 7
times 1 times 1 nop
;= 01 02 01 02 04 00 04 00 04 00 07 07 07 90
