; -f bin
bits 32 and more
db __?BITS?__
bits 16+16
db __?BITS?__
bits 64,5
db __?BITS?__
org 5, 6
dw $$
;= 20 10 40 05 00
