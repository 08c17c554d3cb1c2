; -f bin -w+all : symbols
%use smartalign
bits 32
alignmode k8
%assign n 1
%rep 16
times n db 0xcc
align 16
%assign n n + 1
%endrep
;= cc 66 66 66 90 66 66 66 90 66 66 66 90 66 66 90
;= cc cc 66 66 66 90 66 66 66 90 66 66 66 90 66 90
;= cc cc cc 66 66 66 90 66 66 66 90 66 66 66 90 90
;= cc cc cc cc 66 66 66 90 66 66 66 90 66 66 66 90
;= cc cc cc cc cc 66 66 66 90 66 66 66 90 66 66 90
;= cc cc cc cc cc cc 66 66 66 90 66 66 66 90 66 90
;= cc cc cc cc cc cc cc 66 66 66 90 66 66 66 90 90
;= cc cc cc cc cc cc cc cc 66 66 66 90 66 66 66 90
;= cc*9 66 66 66 90 66 66 90 cc*10 66 66 66 90 66 90 cc*11
;= 66 66 66 90 90 cc*12 66 66 66 90 cc*13 66 66 90 cc*14 66
;= 90 cc*15 90 cc*16
