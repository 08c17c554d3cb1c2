; -f bin
; Where an absolute place begins depends on the size of a jump, what is reserved there does not.
bits 32
        org 0x8048000
        jmp ahead
        times 3 nop
ahead:
        dd sum, half, end, aligned
contents equ $-$$
[absolute 0x8048000+contents]
record:
half:   resb 4
        resb 8-($-half)
        resb 16-($-record)
sum:    resb 1
        alignb 16
aligned: resd 1
end:
;= eb 03 90 90 90 25 80 04 08 15 80 04 08 34 80 04
;= 08 30 80 04 08
