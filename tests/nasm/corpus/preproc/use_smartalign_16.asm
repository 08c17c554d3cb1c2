; -f bin -w+all : symbols
%use smartalign
%assign n 1
%rep 16
times n db 0xcc
align 16
%assign n n + 1
%endrep
;= cc eb 0d 90*13 cc cc eb 0c 90*12 cc cc cc eb 0b 90*11 cc
;= cc cc cc eb 0a 90*10 cc cc cc cc cc eb 09 90*9 cc cc
;= cc cc cc cc eb 08 90 90 90 90 90 90 90 90 cc cc
;= cc cc cc cc cc eb 07 90 90 90 90 90 90 90 cc cc
;= cc cc cc cc cc cc 8d b4 00 00 8d bd 00 00 cc*9 8d
;= b4 00 00 8d 7d 00 cc*10 8d b4 00 00 89 ff cc*11 8d b4
;= 00 00 90 cc*12 8d b4 00 00 cc*13 8d 74 00 cc*14 89 f6 cc*15
;= 90 cc*16
