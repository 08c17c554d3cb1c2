; -f bin -w+all : symbols
%use smartalign
bits 32
alignmode k7
%assign n 1
%rep 16
times n db 0xcc
align 16
%assign n n + 1
%endrep
;= cc 8d 04 05 00 00 00 00 8d 04 05 00 00 00 00 90
;= cc cc 8d 04 05 00 00 00 00 8d 04 05 00 00 00 00
;= cc cc cc 8d 04 05 00 00 00 00 8d 80 00 00 00 00
;= cc cc cc cc 8d 04 05 00 00 00 00 8d 44 20 00 90
;= cc cc cc cc cc 8d 04 05 00 00 00 00 8d 44 20 00
;= cc cc cc cc cc cc 8d 04 05 00 00 00 00 8d 04 20
;= cc cc cc cc cc cc cc 8d 04 05 00 00 00 00 8b c0
;= cc cc cc cc cc cc cc cc 8d 04 05 00 00 00 00 90
;= cc*9 8d 04 05 00 00 00 00 cc*10 8d 80 00 00 00 00 cc*11
;= 8d 44 20 00 90 cc*12 8d 44 20 00 cc*13 8d 04 20 cc*14 8b
;= c0 cc*15 90 cc*16
