; -f bin : symbols
; `%assign` takes a name defined by `equ`, also where that needs a label further down.
bits 32
%macro distance 1
%%away equ $-%1
%assign away %%away
%endmacro
start:
        jmp near_or_far
        distance start
        dd away
        distance ahead
        dd away
        times 130 nop
near_or_far:
ahead:
;= e9 8a 00 00 00 05 00 00 00 7a ff ff ff 90*130
