; -f bin -w+all : symbols
%use smartalign
%assign n 1
bits 32
alignmode generic
%rep 17
db 0xcc
align 16
times n db 0xcc
%assign n n + 1
%endrep
alignmode nop
align 64
db 1
alignmode p6
align 32
db 1
alignmode k7
align 64
db 1
alignmode k8
align 32
db 1
;= cc eb 0d 90*13 cc cc eb 0c 90*12 cc cc cc eb 0b 90*11 cc
;= cc cc cc eb 0a 90*10 cc cc cc cc cc eb 09 90*9 cc cc
;= cc cc cc cc eb 08 90 90 90 90 90 90 90 90 cc cc
;= cc cc cc cc cc eb 07 90 90 90 90 90 90 90 cc cc
;= cc cc cc cc cc cc 8d b4 26 00 00 00 00 90 cc*9 8d
;= b4 26 00 00 00 00 cc*10 8d b6 00 00 00 00 cc*11 90 8d
;= 74 26 00 cc*12 8d 74 26 00 cc*13 8d 76 00 cc*14 89 f6 cc*15
;= 90 cc*33 eb 0d 90*13 cc*17 90*15 01 eb 1d 90*29 01 eb 1d 90*29 01
;= eb 1d 90*29 01
