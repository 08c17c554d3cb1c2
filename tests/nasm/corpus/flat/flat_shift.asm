; -f bin
org 0x7c00
x:
dw x>>4
;= 4: error: shift operator may only be applied to scalar values
