; -f bin -w+all : symbols
%use smartalign
bits 64
alignmode p6
%assign n 1
%rep 32
times n db 0xcc
align 32
%assign n n + 1
%endrep
;= cc eb 1d 90*29 cc cc eb 1c 90*28 cc cc cc eb 1b 90*27 cc
;= cc cc cc eb 1a 90*26 cc cc cc cc cc eb 19 90*25 cc cc
;= cc cc cc cc eb 18 90*24 cc cc cc cc cc cc cc eb 17
;= 90*23 cc cc cc cc cc cc cc cc eb 16 90*22 cc*9 eb 15 90*21
;= cc*10 eb 14 90*20 cc*11 eb 13 90*19 cc*12 eb 12 90*18 cc*13 eb 11 90*17
;= cc*14 eb 10 90*16 cc*15 eb 0f 90*15 cc*16 0f 1f 84 00 00 00 00
;= 00 0f 1f 84 00 00 00 00 00 cc*17 0f 1f 84 00 00 00
;= 00 00 0f 1f 80 00 00 00 00 cc*18 0f 1f 84 00 00 00
;= 00 00 66 0f 1f 44 00 00 cc*19 0f 1f 84 00 00 00 00
;= 00 0f 1f 44 00 00 cc*20 0f 1f 84 00 00 00 00 00 0f
;= 1f 40 00 cc*21 0f 1f 84 00 00 00 00 00 0f 1f 00 cc*22
;= 0f 1f 84 00 00 00 00 00 66 90 cc*23 0f 1f 84 00 00
;= 00 00 00 90 cc*24 0f 1f 84 00 00 00 00 00 cc*25 0f 1f
;= 80 00 00 00 00 cc*26 66 0f 1f 44 00 00 cc*27 0f 1f 44
;= 00 00 cc*28 0f 1f 40 00 cc*29 0f 1f 00 cc*30 66 90 cc*31 90
;= cc*32
