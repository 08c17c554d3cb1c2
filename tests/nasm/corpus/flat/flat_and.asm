; -f bin
org 0x12345
x: dw x & 0xffff
dw x >> 16
;= 3: error: `&' operator may only be applied to scalar values
;= 4: error: shift operator may only be applied to scalar values
