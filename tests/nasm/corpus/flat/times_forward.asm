; -f bin
bits 64
; counts of names that are defined later, as far as they cancel
%macro maybe 1
 times ((%%end - %1) >> 31) & 1 jmp %1
 align 16
%%end:
%endmacro
maybe far_away
maybe near_by
near_by: nop
times 200 nop
far_away: nop
times (b-a) db 7
a: dd 0
b: times -(a2-b2) + 1 jmp b
a2: db 1, 2
b2:
;= e9 d4 00 00 00 90*213 07 07 07 07 00 00 00 00 eb fe
;= eb fc eb fa 01 02
