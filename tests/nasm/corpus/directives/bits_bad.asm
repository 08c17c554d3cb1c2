; -f bin
bits 48
nop
;= 2: error: `48' is not a valid segment size; must be 16, 32 or 64
