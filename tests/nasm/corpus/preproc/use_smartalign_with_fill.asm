; -f bin -w+all -w-unknown-warning
%use smartalign
db 1
align 4, db 0xff
db 1
align 8, nop
db 1
alignb 16
;= 01 ff ff ff 01 90 90 90 01 00 00 00 00 00 00 00
